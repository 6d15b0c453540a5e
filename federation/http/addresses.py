"""Which addresses the outgoing door connects to: public ones, and the networks that the operator allows besides.

`ipaddress.is_global` is no such filter: it lets `::127.0.0.1`, `64:ff9b::7f00:1`, `2002:7f00:1::` and multicast pass
(docs/threat-model.md). So IPv4 is allowed outside of the special registries, and IPv6 only inside of what is given out.
"""

import ipaddress
from collections.abc import Iterable

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_SPECIAL_IPV4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
_PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")
_SPECIAL_IPV6 = tuple(
    ipaddress.IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)


class AddressRefused(PermissionError):
    """Raised where sockets are made; the door turns it into `Refused`."""


def is_allowed(address: str, also: Iterable[Network] = ()) -> bool:
    """Whether a connection to the literal `address` is allowed; what cannot be read is not."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if any(parsed.version == network.version and parsed in network for network in also):
        return True
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in network for network in _SPECIAL_IPV4)
    # An address with a zone (`fe80::1%eth0`) is of this link alone.
    return parsed.scope_id is None and parsed in _PUBLIC_IPV6 and not any(parsed in net for net in _SPECIAL_IPV6)
