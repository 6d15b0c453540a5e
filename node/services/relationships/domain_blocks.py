"""Domains that somebody wants to see nothing of."""

from typing import Any

from node.errors import Invalid
from node.models import Account, AccountDomainBlock, Follow, FollowRequest, SeveranceKind
from node.paging import Page
from node.services import follows
from node.services.follows import rows, severances
from node.text.domains import normal_domain


def add(account_id: int, domain: str) -> None:
    """Follows from and to there end, and their ends are told. Doing it twice changes nothing."""
    name = _checked(domain)
    AccountDomainBlock.insert(account=account_id, domain=name).on_conflict_ignore().execute()
    connected = _connected(account_id, name)
    lost = severances.between(list(connected), owner_id=account_id)
    for other_id in connected:
        follows.sever(account_id, other_id)
    severances.record(SeveranceKind.USER_DOMAIN_BLOCK, name, lost)
    rows.rebuild_feeds([account_id])


def preview(account_id: int, domain: str) -> tuple[int, int]:
    """How many of the domain the account follows, and how many follow it: what a block would end."""
    name = _checked(domain)
    following = Follow.select().join(Account, on=(Account.id == Follow.target)).where(Follow.account == account_id)
    followers = Follow.select().join(Account, on=(Account.id == Follow.account)).where(Follow.target == account_id)
    return following.where(Account.domain == name).count(), followers.where(Account.domain == name).count()


def remove(account_id: int, domain: str) -> None:
    """Doing it twice changes nothing."""
    AccountDomainBlock.delete().where(
        AccountDomainBlock.account == account_id, AccountDomainBlock.domain == _checked(domain)
    ).execute()
    rows.rebuild_feeds([account_id])


def page(account_id: int, page: Page) -> list[tuple[int, str]]:
    """(id of the row, domain), the latest first."""
    query = AccountDomainBlock.select(AccountDomainBlock.id, AccountDomainBlock.domain)
    return page.of(query.where(AccountDomainBlock.account == account_id).tuples(), AccountDomainBlock.id)


def _checked(domain: str) -> str:
    name = normal_domain(domain.strip())
    if name is None:
        raise Invalid(
            "Validation failed: Domain is not a valid domain name", {"domain": "is not a valid domain name"}
        )
    return name


def _connected(account_id: int, domain: str) -> set[int]:
    """Accounts of `domain` that follow `account_id`, that it follows, or that wait for each other's answer."""
    found: set[int] = set()
    for model in (Follow, FollowRequest):
        for mine, other in ((model.account, model.target), (model.target, model.account)):
            query = model.select(other).join(Account, on=(Account.id == other))
            pairs: Any = query.where(mine == account_id, Account.domain == domain).tuples()
            found |= {other_id for (other_id,) in pairs}
    return found
