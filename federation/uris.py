"""Addresses: which of the network's are acceptable, whose they are, and what those that node/site.py gave out name.

A uri is identity and compared as an exact string; only its host is normalised, once, here.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeGuard

from node.config import Config
from node.text.domains import normal_domain

LONGEST_URI = 2048
LARGEST_ID = 2**63 - 1

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}

# No userinfo, and nothing that a parser downstream might read otherwise: controls, blanks, backslashes, quotes,
# angle brackets, lone surrogates. Other characters beyond ASCII do occur in ids (WordPress slugs).
_HTTP_URI = re.compile(
    r"(https?)://([^/?#@\\\s<>\"\x00-\x1f\x7f]+)"
    r"((?:[/?#][^\\\s<>\"\x00-\x1f\x7f-\x9f\ud800-\udfff]*)?)"
)


# ── anybody's ──────────────────────────────────────────────────────────────────────────────────────────────────────


class UriParts(NamedTuple):
    """`rest` is everything after the host: path, query and fragment, as they were written."""

    scheme: str
    host: str  # normalised
    rest: str


def split(uri: object) -> UriParts | None:
    """The parts of an acceptable uri, or None."""
    # The length is looked at first: what is kept in memory must be small.
    return _split(uri) if isinstance(uri, str) and len(uri) <= LONGEST_URI else None


@lru_cache(4096)  # an activity names the same few again and again: its actor, their followers, itself
def _split(uri: str) -> UriParts | None:
    match = _HTTP_URI.fullmatch(uri)
    if match is None:
        return None
    host = normal_host(match[2], match[1])
    return UriParts(match[1], host, match[3]) if host else None


def is_http_uri(uri: object) -> TypeGuard[str]:
    """Whether `uri` is text that names something by http or https, short and free of tricks."""
    return host_of(uri) is not None


def host_of(uri: object) -> str | None:
    """The host in lower case and punycode, with its port unless it is the scheme's own; None if no acceptable uri."""
    parts = split(uri)
    return parts.host if parts else None


def origin_of(uri: object) -> str | None:
    """`https://host[:port]`, or None."""
    parts = split(uri)
    return f"{parts.scheme}://{parts.host}" if parts else None


def same_origin(one: object, other: object) -> bool:
    """Scheme, host and port are alike; never true of something that is no acceptable uri."""
    first, second = split(one), split(other)
    return first is not None and second is not None and first[:2] == second[:2]


def without_fragment(uri: str) -> str:
    return uri.partition("#")[0]


@lru_cache(16384)
def normal_host(host: str, scheme: str = "https") -> str | None:
    """One spelling for each host: lower case, punycode, a port only when it is not the scheme's own."""
    normal = normal_domain(host)
    if normal is None:
        return None
    normal = normal.removesuffix(_DEFAULT_PORTS[scheme])
    port = normal.rpartition(":")[2]
    return None if port.isdigit() and normal != port and int(port) > 65535 else normal


# ── our own ────────────────────────────────────────────────────────────────────────────────────────────────────────


def is_local(config: Config, uri: object) -> bool:
    """Whether `uri` lies on our own host, whatever it names there."""
    host = host_of(uri)
    return host is not None and host in own_hosts(config)


@lru_cache(8)
def own_hosts(config: Config) -> frozenset[str]:
    """The web domain and the domain of our handles, normalised."""
    hosts = (normal_host(host, config.scheme) for host in (config.web_domain, config.domain))
    return frozenset(host for host in hosts if host)


def key_id(actor: str) -> str:
    """The id of an actor's RSA key; Lemmy's check of signed GETs wants a fragment."""
    return f"{actor}#main-key"


def proof_key_id(actor: str) -> str:
    """The id of an actor's Ed25519 key."""
    return f"{actor}#ed25519-key"


# ── what they name ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class LocalInstanceActor:
    """The actor that signs what nobody in particular asks for."""


@dataclass(frozen=True, slots=True)
class LocalActor:
    account_id: int


@dataclass(frozen=True, slots=True)
class LocalCollection:
    account_id: int
    name: str  # outbox, followers, following, collections/featured, …/tags, …/people


@dataclass(frozen=True, slots=True)
class LocalStatus:
    account_id: int
    status_id: int


@dataclass(frozen=True, slots=True)
class LocalStatusCollection:
    account_id: int
    status_id: int
    name: str  # replies, likes, shares, context


@dataclass(frozen=True, slots=True)
class LocalActivity:
    """`kind` is `activity` for the Create or Announce of a status, else the word before the number."""

    account_id: int
    kind: str
    number: int


@dataclass(frozen=True, slots=True)
class LocalProfile:
    username: str


@dataclass(frozen=True, slots=True)
class LocalStatusPage:
    username: str
    status_id: int


Local = (
    LocalInstanceActor
    | LocalActor
    | LocalCollection
    | LocalStatus
    | LocalStatusCollection
    | LocalActivity
    | LocalProfile
    | LocalStatusPage
)

_ID = r"([1-9]\d{0,18})"
_ACTOR_PATH = re.compile(
    rf"/ap/users/{_ID}"
    rf"(?:/statuses/{_ID}(?:/(activity|replies|likes|shares|context))?"
    r"|/(outbox|followers|following|collections/featured|collections/tags|collections/people)"
    rf"|#([a-z_]{{1,32}})/{_ID})?",
    re.ASCII,
)
_PAGE_PATH = re.compile(rf"/@([A-Za-z0-9_.-]{{1,64}})(?:/{_ID})?", re.ASCII)


def parse_local(config: Config, uri: object) -> Local | None:
    """What a uri of our own names, or None for another's and for what we never gave out."""
    if not isinstance(uri, str) or len(uri) > LONGEST_URI or not uri.startswith(config.base_url + "/"):
        return None
    path = uri[len(config.base_url) :]
    if path == "/ap/actor":
        return LocalInstanceActor()
    if page := _PAGE_PATH.fullmatch(path):
        return _of_page(page[1], int(page[2] or 0))
    match = _ACTOR_PATH.fullmatch(path)
    if match is None:
        return None
    account_id, status_id, number = (int(digits or 0) for digits in match.group(1, 2, 6))
    if max(account_id, status_id, number) > LARGEST_ID:
        return None
    if status_id:
        return _of_status(account_id, status_id, match[3])
    if match[4]:
        return LocalCollection(account_id, match[4])
    return LocalActivity(account_id, match[5], number) if number else LocalActor(account_id)


def _of_page(username: str, status_id: int) -> Local | None:
    if status_id > LARGEST_ID:
        return None
    return LocalStatusPage(username, status_id) if status_id else LocalProfile(username)


def _of_status(account_id: int, status_id: int, part: str | None) -> Local:
    if part is None:
        return LocalStatus(account_id, status_id)
    if part == "activity":
        return LocalActivity(account_id, part, status_id)
    return LocalStatusCollection(account_id, status_id, part)
