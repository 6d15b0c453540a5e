"""Whose network a request comes from. `X-Forwarded-For` is believed only from configured proxies."""

import ipaddress
from functools import lru_cache

from aiohttp import web

from node.config import Network
from node.services.access import attempts
from web.keys import CONFIG

_MAX_HOPS = 20
_UNKNOWN = "0.0.0.0"  # noqa: S104 - an address of nobody


def client_ip(request: web.Request) -> str:
    """The address of the client, as the outermost proxy that we trust saw it."""
    peer = request.remote or ""
    if not may_forward(request):
        return peer
    trusted = request.app[CONFIG].trusted_proxies
    forwarded = ",".join(request.headers.getall("X-Forwarded-For", ()))
    for hop in reversed(forwarded.split(",")[-_MAX_HOPS:]):
        address = _address(hop)
        if address is None:
            break
        if not _is_in(address, trusted):
            return address
        peer = address
    return peer or _UNKNOWN


def may_forward(request: web.Request) -> bool:
    """Whether who is connected is believed about for whom it asks."""
    trusted = request.app[CONFIG].trusted_proxies
    # Only a proxy on this machine can reach a Unix socket, which has no address.
    return not request.remote or (bool(trusted) and _is_in(request.remote, trusted))


@lru_cache(maxsize=8192)
def network_of(ip: str) -> str:
    """What limits count: one household or host, which for IPv6 is a /64."""
    return attempts.network_of(ip)


def _address(hop: str) -> str | None:
    """An entry of the header: an address, perhaps in brackets, perhaps with a port."""
    text = hop.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _is_in(text: str, networks: tuple[Network, ...]) -> bool:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in networks)
