"""One spelling for each domain, as handles and URLs of the network compare them."""

import re
from ipaddress import AddressValueError, IPv6Address

# Labels as the network really has them (underscores included), an address in brackets, and perhaps a port.
_NORMAL = re.compile(
    r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*)"
    r"(?::[1-9]\d{0,4})?",
    re.ASCII,
)
_LONGEST_NAME = 253  # 255 octets with the lengths of its first label and of the root (RFC 1035, 2.3.4)


def normal_domain(text: str) -> str | None:
    """`text` in lower case and punycode, port kept; None when it can be no domain."""
    domain = text.lower().rstrip(".")
    if not domain.isascii():
        host, colon, port = domain.partition(":")
        ascii_host = _to_ascii(host)
        if ascii_host is None:
            return None
        domain = ascii_host + colon + port
    if domain.startswith("["):
        literal, _, port = domain[1:].partition("]")
        try:
            domain = f"[{IPv6Address(literal).compressed}]{port}"
        except AddressValueError:
            return None
    normal = _NORMAL.fullmatch(domain) if len(domain) <= _LONGEST_NAME + len(":65535") else None
    if normal is None or len(normal[1]) > _LONGEST_NAME:
        return None
    return None if "xn--" in domain and not _can_be_read(domain.partition(":")[0]) else domain


def _to_ascii(host: str) -> str | None:
    # Few texts hold such a name, and the tables of the module are large.
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return None


def _can_be_read(host: str) -> bool:
    """Whether its punycode is some: else it breaks whoever turns it back into letters, as libraries do to show it."""
    import idna

    for read in (lambda: host.encode("ascii").decode("idna"), lambda: idna.decode(host)):
        try:
            read()
        except (idna.IDNAError, UnicodeError):
            continue
        return True
    return False
