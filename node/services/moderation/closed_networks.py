"""Networks from which nobody is answered: blocks of the kind `no_access`. From memory, because every request asks."""

import ipaddress

from node import clock, streams
from node.models import SignUpBlock, SignUpBlockKind, SignUpSeverity
from node.services.caching.cache import Kept

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# By version of the protocol and length of the prefix: each network, and when its block ends.
_Networks = dict[tuple[int, int], dict[int, int | None]]

CHANGED = "networks_changed"


def are_any() -> bool:
    """Else nobody needs to know from where somebody asks."""
    return bool(kept.get())


def refuses(ip: str) -> bool:
    """This machine is never refused: whoever closed a network too many can open it again from there."""
    networks = kept.get()
    if not networks:
        return False
    address = address_of(ip)
    if address is None or address.is_loopback:
        return False
    now, bits = clock.now_ms(), int(address)
    for (version, length), known in networks.items():
        if version == address.version:
            start = bits >> (address.max_prefixlen - length)
            if start in known and _lasts(known[start], now):
                return True
    return False


def address_of(ip: str) -> Address | None:
    """An IPv4 address in IPv6's clothes is the IPv4 address."""
    try:
        address = ipaddress.ip_address(ip.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def changed() -> None:
    """In the unit of work that changes a block."""
    kept.forget_with_unit()
    streams.publish(("control",), CHANGED)


def _load() -> _Networks:
    found: _Networks = {}
    rows = SignUpBlock.select().where(
        SignUpBlock.kind == SignUpBlockKind.NETWORK, SignUpBlock.severity == SignUpSeverity.NO_ACCESS
    )
    for row in rows:
        network = ipaddress.ip_network(row.value)
        start = int(network.network_address) >> (network.max_prefixlen - network.prefixlen)
        found.setdefault((network.version, network.prefixlen), {})[start] = row.expires_at
    return found


kept = Kept(_load)


def _lasts(ends_at: int | None, now: int) -> bool:
    return ends_at is None or ends_at > now
