"""draft-cavage-http-signatures-12, the way the network speaks it: signing, and a strict reader.

httpsig signs. It must never verify: it takes the algorithm from the request, so that an HMAC made with the victim's
public key passes, and it looks neither at the digest nor at the date.
"""

import calendar
import re
from functools import lru_cache

from federation.signatures import digests
from federation.signatures.claim import (
    LARGEST_COVERAGE,
    ReceivedRequest,
    SignatureClaim,
    SignedHeaders,
    check_key_id,
    check_time,
    our_host,
)
from federation.signatures.httpsig_library import httpsig
from node import keys
from node.config import Config
from node.errors import BadInput, Unauthorized
from node.keys import HashName, KeyKind

POST_HEADERS = ("(request-target)", "host", "date", "digest", "content-type")
GET_HEADERS = ("(request-target)", "host", "date")


# ── out ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class CavageSigner(httpsig.HeaderSigner):
    """httpsig's signer with a key of `cryptography`: its own pycryptodome path is three times slower."""

    def __init__(self, key_id: str, private_pem: str, headers: tuple[str, ...]) -> None:
        # The base class would read the PEM again, slowly; what `sign` uses of it is set here.
        self._private = keys.load_private(private_pem)
        if self._private.kind is not KeyKind.RSA:
            raise ValueError("draft-cavage is signed with RSA keys alone.")
        self._rsa = self._private.key
        self._hash = None
        self.sign_algorithm, self.hash_algorithm = "rsa", "sha256"
        self.headers = list(headers)
        self.sign_header = "Signature"
        # Takahe misses `algorithm` if it is not there, and `hs2019` breaks old verifiers. BookWyrm splits at commas
        # and looks up exact names: no blanks.
        self.signature_template = (
            f'keyId="{key_id.replace("%", "%%")}",algorithm="rsa-sha256",headers="{" ".join(headers)}",signature="%s"'
        )

    def _sign_rsa(self, data: bytes) -> bytes:
        return self._private.sign(data)


@lru_cache(2048)
def signer_for(key_id: str, private_pem: str, headers: tuple[str, ...]) -> CavageSigner:
    return CavageSigner(key_id, private_pem, headers)


# ── in ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

_SHA256: tuple[HashName, ...] = ("sha256",)

# What each stated algorithm may mean, by the kind of the key. HMACs, rsa-sha1 and none are not here.
_ALGORITHMS: dict[str, dict[KeyKind, tuple[HashName, ...]]] = {
    "": {KeyKind.RSA: _SHA256, KeyKind.ED25519: _SHA256},
    "hs2019": {KeyKind.RSA: ("sha256", "sha512"), KeyKind.ED25519: _SHA256},
    "rsa-sha256": {KeyKind.RSA: _SHA256},
    "rsa-sha512": {KeyKind.RSA: ("sha512",)},
    "ed25519": {KeyKind.ED25519: _SHA256},
}

_PARAMETER = re.compile(rb'[ \t]*([A-Za-z]{1,16})=(?:"([^"\\\x00-\x1f\x7f]*)"|(\d{1,12}(?:\.\d{1,9})?))[ \t]*(?:,|$)')
_DATE = re.compile(
    rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d\d?) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4})"
    rb" (\d\d):(\d\d):(\d\d) (?:GMT|UTC|\+0000)"
)
_MONTHS = {name: number for number, name in enumerate(b"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}


def parse(request: ReceivedRequest, headers: SignedHeaders, config: Config, now_ms: int) -> SignatureClaim:
    """The claim of a request with a `Signature` header alone; BadInput or Unauthorized if it proves nothing."""
    parameters = _parameters(headers.once(b"signature"))
    algorithm = parameters.get(b"algorithm", b"").decode("ascii", "replace").lower()
    hashes = _ALGORITHMS.get(algorithm)
    if hashes is None:
        raise Unauthorized("The signature's algorithm is not one that proves anything.")
    covered = _covered(parameters, request.method)
    if b"(created)" in covered and algorithm.startswith("rsa-"):
        raise Unauthorized("(created) needs the algorithm hs2019 (draft-cavage-12, section 2.3).")
    our_host(headers, config)
    signed_at = _signed_at(parameters, covered, headers, now_ms)
    if b"digest" in covered:
        digests.check_digest(headers.once(b"digest"), request.body)
    return SignatureClaim(
        key_id=check_key_id(parameters.get(b"keyId", b"")),
        signature=digests.from_base64(parameters.get(b"signature", b"")),
        covered=tuple(name.decode("latin-1") for name in covered),
        signed_at=signed_at,
        signing_strings=_signing_strings(request, headers, covered, parameters),
        hashes=hashes,
    )


def _parameters(header: bytes) -> dict[bytes, bytes]:
    parameters: dict[bytes, bytes] = {}
    position = 0
    while position < len(header):
        match = _PARAMETER.match(header, position)
        if match is None or match[1] in parameters:
            raise BadInput("The Signature header cannot be read.")
        parameters[match[1]] = match[2] if match[2] is not None else match[3]
        position = match.end()
    return parameters


def _covered(parameters: dict[bytes, bytes], method: str) -> list[bytes]:
    covered = parameters.get(b"headers", b"date").lower().split(b" ")
    if len(covered) > LARGEST_COVERAGE or len(set(covered)) != len(covered):
        raise Unauthorized("The signature names a header twice.")
    needed = [b"(request-target)", b"host"]
    if method not in ("GET", "HEAD"):
        needed.append(b"digest")
    if any(name not in covered for name in needed) or (b"date" not in covered and b"(created)" not in covered):
        raise Unauthorized("The signature must cover (request-target), host, date, and the digest of a body.")
    return covered


def _signed_at(parameters: dict[bytes, bytes], covered: list[bytes], headers: SignedHeaders, now_ms: int) -> int:
    """When it was signed, which must be within the window by every covered word on it."""
    times = []
    if b"date" in covered:
        times.append(parse_date(headers.once(b"date")))
    if b"(created)" in covered:
        times.append(_seconds(parameters.get(b"created", b"")))
    for time in times:
        check_time(time, now_ms)
    if b"expires" in parameters and _seconds(parameters[b"expires"]) <= now_ms:
        raise Unauthorized("The signature has expired.")
    return max(times)


def _seconds(text: bytes) -> int:
    whole, _, fraction = text.partition(b".")
    if not whole.isdigit() or len(whole) > 12 or (fraction and not fraction.isdigit()):
        raise BadInput("A time of the signature cannot be read.")
    return int(whole) * 1000 + int(fraction[:3].ljust(3, b"0") or b"0")


@lru_cache(256)
def parse_date(text: bytes) -> int:
    """Unix milliseconds of an IMF-fixdate (RFC 9110, section 5.6.7)."""
    match = _DATE.fullmatch(text)
    if match is None:
        raise BadInput("The Date header cannot be read.")
    day, month, year, hour, minute, second = match.groups()
    if not (1 <= int(day) <= 31 and int(hour) < 24 and int(minute) < 60 and int(second) <= 60 and int(year) >= 1970):
        raise BadInput("The Date header cannot be read.")
    return calendar.timegm((int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second))) * 1000


def _signing_strings(
    request: ReceivedRequest, headers: SignedHeaders, covered: list[bytes], parameters: dict[bytes, bytes]
) -> tuple[bytes, ...]:
    lines: list[bytes] = []
    target_line = 0
    for name in covered:
        if name == b"(request-target)":
            target_line = len(lines)
            lines.append(_target_line(request.method, request.target))
        elif name in (b"(created)", b"(expires)"):
            lines.append(name + b": " + _stated(parameters, name[1:-1]))
        else:
            lines.append(name + b": " + headers.once(name))
    full = b"\n".join(lines)
    path, question, _ = request.target.partition("?")
    if not question or request.method != "GET":
        return (full,)
    # BookWyrm, Takahe and Pixelfed sign the path alone.
    lines[target_line] = _target_line(request.method, path)
    return (full, b"\n".join(lines))


def _target_line(method: str, target: str) -> bytes:
    return f"(request-target): {method.lower()} {target}".encode("utf-8", "surrogateescape")


def _stated(parameters: dict[bytes, bytes], name: bytes) -> bytes:
    if name not in parameters:
        raise Unauthorized("The signature covers a time that it does not state.")
    return parameters[name]
