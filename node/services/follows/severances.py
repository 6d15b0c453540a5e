"""Follows that end because of what was decided about a domain or an account: whose they were is told, and keeps the lists.

lost = severances.between(account_ids)      before they end
severances.record(SeveranceKind.DOMAIN_BLOCK, "loud.example", lost)
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from node import clock, ids, site
from node.errors import NotFound
from node.models import Account, Follow, Membership, NotificationKind, Severance, SeveranceKind, SeveredFollow
from node.models.access import exists
from node.paging import Page
from node.services.notifications import telling as notifications
from node.store import in_ids

_KEPT_MS = 180 * clock.DAY
_AT_ONCE = 500
_ROWS = 100  # of one statement


class Lost(NamedTuple):
    """A follow of somebody here, or one to them."""

    owner_id: int
    is_follower: bool
    username: str
    domain: str
    show_reblogs: bool
    notify: bool
    languages: str


def between(account_ids: Sequence[int], *, owner_id: int | None = None) -> list[Lost]:
    """What ties people here, or one of them, to these accounts. Two queries."""
    return [
        *_lost(Follow.account, Follow.target, account_ids, owner_id, is_follower=False),
        *followers_lost(account_ids, owner_id=owner_id),
    ]


def followers_lost(account_ids: Sequence[int], *, owner_id: int | None = None) -> list[Lost]:
    """Those alone that these accounts follow."""
    return _lost(Follow.target, Follow.account, account_ids, owner_id, is_follower=True)


def record(kind: SeveranceKind, target_name: str, lost: Sequence[Lost]) -> None:
    """Write down what everybody lost, and tell them."""
    by_owner: dict[int, list[Lost]] = defaultdict(list)
    for one in lost:
        by_owner[one.owner_id].append(one)
    for owner_id, rows in by_owner.items():
        followers = sum(row.is_follower for row in rows)
        event = Severance.create(
            account=owner_id,
            kind=kind,
            target_name=target_name,
            following_count=len(rows) - followers,
            followers_count=followers,
            created_at=clock.now_ms(),
        )
        for start in range(0, len(rows), _ROWS):
            SeveredFollow.insert_many([_row(event.id, row) for row in rows[start : start + _ROWS]]).execute()
        notifications.notify(owner_id, NotificationKind.SEVERED_RELATIONSHIPS, owner_id, severance_id=event.id)


def of_account(account_id: int, page: Page) -> list[Severance]:
    """Newest first."""
    return page.of(Severance.select().where(Severance.account == account_id), Severance.id)


def get(account_id: int, severance_id: int) -> Severance:
    """NotFound for those of others."""
    event = Severance.get_or_none(Severance.id == severance_id, Severance.account == account_id)
    if event is None:
        raise NotFound("Record not found")
    return event


def forget_old() -> int:
    """The lists; that there was something stays. Run daily; doing it twice changes nothing."""
    old = Severance.select(Severance.id).where(Severance.created_at < clock.now_ms() - _KEPT_MS, ~Severance.purged)
    found = [row.id for row in old.limit(_AT_ONCE)]
    if found:
        SeveredFollow.delete().where(in_ids(SeveredFollow.severance, found)).execute()
        Severance.update(purged=True).where(in_ids(Severance.id, found)).execute()
    return len(found)


def _lost(
    mine: Any, theirs: Any, account_ids: Sequence[int], owner_id: int | None, *, is_follower: bool
) -> list[Lost]:
    query: Any = (
        Follow.select(mine, Account.username, Account.domain, Follow.show_reblogs, Follow.notify, Follow.languages)
        .join(Account, on=(Account.id == theirs))
        .where(in_ids(theirs, list(account_ids)), exists(Membership, Membership.account == mine))
        .order_by(Follow.id)
    )
    if owner_id is not None:
        query = query.where(mine == owner_id)
    return [Lost(mine_id, is_follower, *rest) for mine_id, *rest in query.tuples()]


def _row(severance_id: int, lost: Lost) -> dict[str, Any]:
    return {
        "id": ids.new_id(),
        "severance": severance_id,
        "is_follower": lost.is_follower,
        "address": f"{lost.username}@{lost.domain or site.domain}",
        "show_reblogs": lost.show_reblogs,
        "notify": lost.notify,
        "languages": lost.languages,
    }
