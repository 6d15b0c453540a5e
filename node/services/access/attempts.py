"""Guesses at passwords and codes are counted, here and not in the database: a restart may forgive them.

Counted twice: from one network quickly, against one login slowly, so that nobody easily locks somebody out. Each process
tells the others what it counts. What somebody typed is kept and told as a digest: it may be a password in the wrong field.
"""

import hashlib
import ipaddress
import time
from collections import OrderedDict

from node import streams
from node.errors import TooMany

_PER_NETWORK = (10, 15 * 60)  # failures, seconds
_PER_LOGIN = (100, 60 * 60)
_REMEMBERED = 50_000

TOPIC = "control"
FAILED, FORGIVEN = "attempt_failed", "attempts_forgiven"

_failures: OrderedDict[str, tuple[int, float]] = OrderedDict()


def check(kind: str, login: str, ip: str) -> None:
    """TooMany, if there were too many failures. The same for logins that exist and that do not."""
    for key, (most, _) in _limits(_keys(kind, login, ip)):
        count, until = _failures.get(key, (0, 0.0))
        left = until - time.monotonic()
        if count >= most and left > 0:
            raise TooMany("Too many attempts. Please wait a while and try again.", int(left) + 1)


def failed(kind: str, login: str, ip: str) -> None:
    keys = _keys(kind, login, ip)
    count(keys)
    streams.tell_others((TOPIC,), FAILED, detail=keys)


def succeeded(kind: str, login: str, ip: str) -> None:
    keys = _keys(kind, login, ip)
    forgive(keys)
    streams.tell_others((TOPIC,), FORGIVEN, detail=keys)


def count(keys: str) -> None:
    """A failure, here or in another process."""
    now = time.monotonic()
    for key, (_, seconds) in _limits(keys):
        number, until = _failures.pop(key, (0, 0.0))
        _failures[key] = (number + 1, until) if until > now else (1, now + seconds)
    while len(_failures) > _REMEMBERED:
        _failures.popitem(last=False)


def forgive(keys: str) -> None:
    for key, _ in _limits(keys):
        _failures.pop(key, None)


def network_of(ip: str) -> str:
    """What one household or host has: an IPv4 address, or a /64 of IPv6. Unreadable addresses are one network."""
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _keys(kind: str, login: str, ip: str) -> str:
    """Of the two counts: from this network, and from anywhere."""
    login = login.strip().lower()[:300]
    return " ".join(_digest(kind, login, where) for where in (network_of(ip), "anywhere"))


def _digest(*parts: str) -> str:
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=16).hexdigest()


def _limits(keys: str) -> "zip[tuple[str, tuple[int, int]]]":
    return zip(keys.split(), (_PER_NETWORK, _PER_LOGIN), strict=False)


def forget() -> None:
    """For tests."""
    _failures.clear()
