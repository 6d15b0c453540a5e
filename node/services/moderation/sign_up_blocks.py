"""Networks and e-mail addresses with which nobody signs up, or only after somebody of the staff has said yes."""

import hashlib
import ipaddress
from typing import Any

from node import clock
from node.errors import Invalid, NotFound
from node.models import Account, Role, SignUpBlock, SignUpBlockKind, SignUpSeverity
from node.paging import Page
from node.services.moderation import audit, closed_networks, roles
from node.speech import said
from node.text.domains import normal_domain

MAX_COMMENT_CHARS = 1_000
MAX_BLOCKS = 10_000  # of each kind
_HASH_CHARS = 64


def severity_for(ip: str) -> SignUpSeverity | None:
    """What holds for people who come from `ip`: the narrowest network that has a rule decides."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return None
    networks = [(ipaddress.ip_network(row.value), row) for row in _valid(SignUpBlockKind.NETWORK)]
    fitting = [(network.prefixlen, row) for network, row in networks if address in network]
    return SignUpSeverity(max(fitting, key=lambda one: one[0])[1].severity) if fitting else None


def refuses(address: str) -> bool:
    """Whether nobody may have this e-mail address here: its domain, one above it, or itself is blocked."""
    name = address.strip().rpartition("@")[2].lower()
    labels = name.split(".")
    domains = [".".join(labels[start:]) for start in range(len(labels))]
    of_domain = _valid(SignUpBlockKind.EMAIL_DOMAIN).where(SignUpBlock.value.in_(domains))
    of_address = _valid(SignUpBlockKind.EMAIL).where(SignUpBlock.value == email_hash(address))
    return of_domain.exists() or of_address.exists()


def email_hash(address: str) -> str:
    """The same for all spellings of one mailbox: case, dots, and what stands behind a plus do not count."""
    local, _, domain = address.strip().lower().rpartition("@")
    return hashlib.sha256(f"{local.partition('+')[0].replace('.', '')}@{domain}".encode()).hexdigest()


def network(text: str) -> str:
    """`192.0.2.0/24`; an address alone is a network of one. Invalid for what is neither."""
    try:
        return str(ipaddress.ip_network(text.strip(), strict=False))
    except ValueError as error:
        raise Invalid("This is no network.", {"ip": "is invalid"}) from error


def check_own(network: str, severity: SignUpSeverity | None, ip: str) -> None:
    """Invalid for whoever would shut themselves out."""
    address = closed_networks.address_of(ip)
    if severity is SignUpSeverity.NO_ACCESS and address is not None and address in ipaddress.ip_network(network):
        raise Invalid("You are in this network yourself.", {"ip": "is your own network"})


def email_domain(text: str) -> str:
    name = normal_domain(text.strip())
    if name is None or "." not in name or ":" in name:
        raise Invalid("This is no domain of e-mail addresses.", {"domain": "is not a valid domain name"})
    return name


def checked_hash(text: str) -> str:
    value = text.strip().lower()
    if len(value) != _HASH_CHARS or not all(char in "0123456789abcdef" for char in value):
        raise Invalid("This is no SHA-256 hash.", {"canonical_email_hash": "is invalid"})
    return value


def add(kind: SignUpBlockKind, value: str, by: Account | None, **terms: Any) -> SignUpBlock:
    """`value` was normalised by one of the above. Where there is a rule already, it gets these terms.

    `terms` are `severity`, `comment` and `expires_at`.
    """
    roles.require(by, Role.MODERATOR)
    _check(terms)
    known = SignUpBlock.get_or_none(SignUpBlock.kind == kind, SignUpBlock.value == value)
    if known is not None:
        return change(kind, known.id, by, **terms)
    if SignUpBlock.select().where(SignUpBlock.kind == kind).count() >= MAX_BLOCKS:
        raise Invalid(said("There can be %(most)s of these at most.", most=MAX_BLOCKS))
    row = SignUpBlock.create(kind=kind, value=value, created_at=clock.now_ms(), **terms)
    audit.record(by, f"block.{kind}", value)
    closed_networks.changed()
    return row


def change(kind: SignUpBlockKind, block_id: int, by: Account | None, **terms: Any) -> SignUpBlock:
    """What is not given stays."""
    roles.require(by, Role.MODERATOR)
    _check(terms)
    row = by_id(kind, block_id)
    if any(getattr(row, name) != value for name, value in terms.items()):
        SignUpBlock.update(**terms).where(SignUpBlock.id == block_id).execute()
        audit.record(by, f"change.{kind}", row.value)
        closed_networks.changed()
    return by_id(kind, block_id)


def remove(kind: SignUpBlockKind, block_id: int, by: Account | None) -> SignUpBlock:
    roles.require(by, Role.MODERATOR)
    row = by_id(kind, block_id)
    SignUpBlock.delete().where(SignUpBlock.id == block_id).execute()
    audit.record(by, f"unblock.{kind}", row.value)
    closed_networks.changed()
    return row


def by_id(kind: SignUpBlockKind, block_id: int) -> SignUpBlock:
    row = SignUpBlock.get_or_none(SignUpBlock.kind == kind, SignUpBlock.id == block_id)
    if row is None:
        raise NotFound("Record not found")
    return row


def page(kind: SignUpBlockKind, page: Page) -> list[SignUpBlock]:
    """Newest first."""
    return page.of(SignUpBlock.select().where(SignUpBlock.kind == kind), SignUpBlock.id)


def matching(address: str) -> list[SignUpBlock]:
    """Blocks of exactly this mailbox."""
    return list(_valid(SignUpBlockKind.EMAIL).where(SignUpBlock.value == email_hash(address)))


def delete_expired() -> int:
    return int(SignUpBlock.delete().where(SignUpBlock.expires_at <= clock.now_ms()).execute())


def _valid(kind: SignUpBlockKind) -> Any:
    lasts = SignUpBlock.expires_at.is_null() | (SignUpBlock.expires_at > clock.now_ms())
    return SignUpBlock.select().where(SignUpBlock.kind == kind, lasts)


def _check(terms: dict[str, Any]) -> None:
    if len(terms.get("comment") or "") > MAX_COMMENT_CHARS:
        raise Invalid(
            said("A comment can have %(most)s characters at most.", most=MAX_COMMENT_CHARS),
            {"comment": "is too long"},
        )
