"""Guesses at passwords and codes are counted, here and not in the database: a restart may forgive them.

Counted twice: from one network quickly, against one login slowly, so that nobody easily locks somebody out.
"""

import ipaddress
import time
from collections import OrderedDict

from node.errors import TooMany

_PER_NETWORK = (10, 15 * 60)  # failures, seconds
_PER_LOGIN = (100, 60 * 60)
_REMEMBERED = 50_000

_failures: OrderedDict[tuple[str, str, str], tuple[int, float]] = OrderedDict()


def check(kind: str, login: str, ip: str) -> None:
    """TooMany, if there were too many failures. The same for logins that exist and that do not."""
    for key, (most, _) in _keys(kind, login, ip):
        count, until = _failures.get(key, (0, 0.0))
        left = until - time.monotonic()
        if count >= most and left > 0:
            raise TooMany("Too many attempts. Please wait a while and try again.", int(left) + 1)


def failed(kind: str, login: str, ip: str) -> None:
    now = time.monotonic()
    for key, (_, seconds) in _keys(kind, login, ip):
        count, until = _failures.pop(key, (0, 0.0))
        _failures[key] = (count + 1, until) if until > now else (1, now + seconds)
    while len(_failures) > _REMEMBERED:
        _failures.popitem(last=False)


def succeeded(kind: str, login: str, ip: str) -> None:
    for key, _ in _keys(kind, login, ip):
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


def _keys(kind: str, login: str, ip: str) -> tuple[tuple[tuple[str, str, str], tuple[int, int]], ...]:
    login = login.strip().lower()[:300]
    return ((kind, login, network_of(ip)), _PER_NETWORK), ((kind, login, "anywhere"), _PER_LOGIN)


def forget() -> None:
    """For tests."""
    _failures.clear()
