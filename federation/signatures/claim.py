"""What a request says about who sent it, checked in every way that does not need the key."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from federation import uris
from node import clock
from node.config import Config
from node.errors import BadInput, Unauthorized
from node.keys import HashName, KeyKind, PublicKey

# Deliveries wait in queues, and clocks are wrong: the window of Akkoma, between Mastodon's 12 hours and Threads' 5
# minutes.
LONGEST_PAST_MS: Final = 2 * clock.HOUR
LONGEST_FUTURE_MS: Final = 40 * clock.MINUTE

LONGEST_HEADER = 8192
LONGEST_KEY_ID = 2048
LARGEST_COVERAGE = 32


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """`target` is the path and query as on the request line, to the byte; `headers` and `body` are raw, too."""

    method: str
    target: str
    headers: Iterable[tuple[bytes, bytes]]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class SignatureClaim:
    """Everything is in order, provided that `verify` is true for a key which `key_id` really names.

    `key_id` is any text: the holder of a key stored under it, or a uri to fetch (check with `uris.is_http_uri`).
    """

    key_id: str
    signature: bytes
    covered: tuple[str, ...]
    signed_at: int
    signing_strings: tuple[bytes, ...]  # the first is what the request should have signed; others are tolerated
    hashes: dict[KeyKind, tuple[HashName, ...]]  # for each kind of key that the stated algorithm agrees with

    def verify(self, key: PublicKey) -> bool:
        """Whether `key` made it. The key's kind chooses the algorithm; a header that contradicts it loses."""
        return any(
            key.verify(self.signature, text, hash_name)
            for text in self.signing_strings
            for hash_name in self.hashes.get(key.kind, ())
        )


class SignedHeaders:
    """Header values by lower-case name, without surrounding blanks. A name that occurs twice proves nothing."""

    def __init__(self, pairs: Iterable[tuple[bytes, bytes]]) -> None:
        self._values: dict[bytes, bytes] = {}
        self._repeated: set[bytes] = set()
        for raw_name, value in pairs:
            name = raw_name.lower()
            if name in self._values:
                self._repeated.add(name)
            self._values[name] = value.strip(b" \t")

    def __contains__(self, name: bytes) -> bool:
        return name in self._values

    def once(self, name: bytes) -> bytes:
        """The value of a header that must be there exactly once."""
        value = self._values.get(name)
        if value is None:
            raise Unauthorized(f"The signature needs the header {_shown(name)}, which is not there.")
        if name in self._repeated:
            raise Unauthorized(f"The header {_shown(name)} is there twice, so its signature proves nothing.")
        return value


def our_host(headers: SignedHeaders, config: Config) -> str:
    """The Host header, normalised, which must be one of ours."""
    host = uris.normal_host(headers.once(b"host").decode("latin-1"), config.scheme)
    if host is None or host not in uris.own_hosts(config):
        raise Unauthorized("The signature is for another host.")
    return host


def check_time(signed_at: int, now_ms: int) -> None:
    if signed_at < now_ms - LONGEST_PAST_MS:
        raise Unauthorized("The signature is too old.")
    if signed_at > now_ms + LONGEST_FUTURE_MS:
        raise Unauthorized("The signature is from the future. Is the clock right?")


def check_key_id(raw: bytes) -> str:
    text = raw.decode("latin-1")
    # Misskey refuses `acct:` too: it names a person by a name, and the key would be whose the name's host says.
    if not text or len(text) > LONGEST_KEY_ID or not text.isascii() or not text.isprintable():
        raise BadInput("The keyId of the signature cannot be read.")
    if text[:5].lower() == "acct:":
        raise Unauthorized("The keyId of a signature must be the key's own address.")
    return text


def _shown(name: bytes) -> str:
    return name.decode("ascii", "replace")
