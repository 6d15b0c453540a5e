"""Deciding about whole domains. What was decided is asked for in domains.py."""

from dataclasses import dataclass
from typing import Any

from node import clock, ids
from node.errors import Invalid, NotFound
from node.models import Account, DomainBlock, Role, SeveranceKind, Severity
from node.paging import Page
from node.services.follows import severances
from node.services.follows.rows import sever_all
from node.services.moderation import audit, roles
from node.services.servers import allowed_domains, domains
from node.speech import said
from node.text.domains import normal_domain

MAX_COMMENT_CHARS = 1_000
_LIFTED_AT_ONCE = 20


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is to hold for a domain, besides the severity."""

    reject_media: bool = False
    reject_reports: bool = False
    private_comment: str = ""
    public_comment: str = ""
    obfuscate: bool = False
    expires_at: int | None = None  # when it is lifted by itself


def block(domain: str, severity: Severity, terms: Terms, by: Account | None) -> DomainBlock:
    """Decide about a domain, or decide anew. Suspending hides its accounts and ends every follow with them."""
    roles.require(by, Role.MODERATOR)
    name = _checked(domain, terms)
    former = DomainBlock.get_or_none(DomainBlock.domain == name)
    if former is not None:
        _lift(former)
        DomainBlock.delete().where(DomainBlock.id == former.id).execute()
    row = DomainBlock.create(
        id=ids.new_id() if former is None else former.id,
        domain=name,
        severity=severity,
        reject_media=terms.reject_media,
        reject_reports=terms.reject_reports,
        private_comment=terms.private_comment,
        public_comment=terms.public_comment,
        obfuscate=terms.obfuscate,
        created_at=clock.now_ms() if former is None else former.created_at,
        expires_at=terms.expires_at,
    )
    _apply(row)
    audit.record(by, "block.domain", name, {"severity": severity, "comment": terms.private_comment})
    domains.changed()
    return row


def unblock(domain: str, by: Account | None) -> None:
    """Take a decision back. What it hid is shown again; follows that it ended do not come back by themselves."""
    roles.require(by, Role.MODERATOR)
    row = get(domain)
    _lift(row)
    DomainBlock.delete().where(DomainBlock.id == row.id).execute()
    audit.record(by, "unblock.domain", row.domain)
    domains.changed()


def lift_expired() -> int:
    """Run every few minutes: rules whose time is over, a few at a time. How many they were."""
    over = DomainBlock.select().where(DomainBlock.expires_at <= clock.now_ms()).order_by(DomainBlock.expires_at)
    rows = list(over.limit(_LIFTED_AT_ONCE))
    for row in rows:
        unblock(row.domain, None)
    return len(rows)


def get(domain: str) -> DomainBlock:
    row = known(domain)
    if row is None:
        raise NotFound("There is no rule for this domain.")
    return row


def known(domain: str) -> DomainBlock | None:
    """The rule for this very domain."""
    return DomainBlock.get_or_none(DomainBlock.domain == (normal_domain(domain.strip()) or ""))


def by_id(block_id: int) -> DomainBlock:
    row = DomainBlock.get_or_none(DomainBlock.id == block_id)
    if row is None:
        raise NotFound("Record not found")
    return row


def page(page: Page) -> list[DomainBlock]:
    """Newest first."""
    return page.of(DomainBlock.select(), DomainBlock.id)


def all_blocks() -> list[DomainBlock]:
    """By name."""
    return list(DomainBlock.select().order_by(DomainBlock.domain))


def _checked(domain: str, terms: Terms) -> str:
    name = allowed_domains.checked_name(domain)
    if terms.expires_at is not None and terms.expires_at <= clock.now_ms():
        raise Invalid("It would be over already.", {"expires_at": "It would be over already."})
    for text in (terms.private_comment, terms.public_comment):
        if len(text) > MAX_COMMENT_CHARS:
            raise Invalid(
                said("A comment can have %(most)s characters at most.", most=MAX_COMMENT_CHARS),
                {"comment": "is too long"},
            )
    return name


def _apply(row: DomainBlock) -> None:
    """The time of the block marks what it did, so that lifting it undoes exactly that."""
    if row.severity == Severity.SUSPEND:
        account_ids = [account.id for account in Account.select(Account.id).where(_of(row.domain))]
        lost = severances.between(account_ids)
        sever_all(account_ids)
        severances.record(SeveranceKind.DOMAIN_BLOCK, row.domain, lost)
        Account.update(suspended_at=row.created_at, version=Account.version + 1).where(
            _of(row.domain), Account.suspended_at.is_null()
        ).execute()
    elif row.severity == Severity.SILENCE:
        Account.update(silenced_at=row.created_at, version=Account.version + 1).where(
            _of(row.domain), Account.silenced_at.is_null()
        ).execute()


def _lift(row: DomainBlock) -> None:
    for column in (Account.suspended_at, Account.silenced_at):
        Account.update({column: None, Account.version: Account.version + 1}).where(
            _of(row.domain), column == row.created_at
        ).execute()


def _of(domain: str) -> Any:
    """Accounts whose handle or whose actor is of the domain, or of one under it, on any port."""
    handle, actor = Account.domain, Account.uri
    return (handle != "") & (
        (handle == domain)
        | handle.endswith(f".{domain}")
        | handle.startswith(f"{domain}:")
        | handle.contains(f".{domain}:")
        | actor.startswith(f"https://{domain}/")
        | actor.startswith(f"https://{domain}:")
        | actor.startswith(f"http://{domain}:")
    )
