"""Visibility as addressing, and who is sent what (PROTOCOL.md 1.3 and 1.14). Plain queries, no network."""

from dataclasses import dataclass, field

from federation import uris
from node.models import Account, Follow, Status, Visibility
from node.store import Prepared, in_ids, param

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


@dataclass(frozen=True, slots=True)
class Addressing:
    """`to` and `cc` of an activity and its object: always lists, Public always in full."""

    to: list[str] = field(default_factory=list)
    cc: list[str] = field(default_factory=list)


def addressing(visibility: str, followers: str, mentioned: list[str]) -> Addressing:
    """Followers of a followers-only post stand in `to`, the one place where Mastodon looks for them."""
    if visibility == Visibility.PUBLIC:
        return Addressing([PUBLIC], [followers, *mentioned])
    if visibility == Visibility.UNLISTED:
        return Addressing([followers], [PUBLIC, *mentioned])
    if visibility == Visibility.PRIVATE:
        return Addressing([followers], mentioned)
    return Addressing(mentioned, [])


_FOLLOWERS = Prepared(
    lambda: (
        Follow.select(Account.inbox, Account.shared_inbox)
        .distinct()
        .join(Account, on=(Account.id == Follow.account))
        .where(Follow.target == param("account"), Account.domain != "", Account.suspended_at.is_null())
    ),
    lambda *row: row,
)
_ACCOUNTS = Prepared(
    lambda: Account.select(Account.inbox, Account.shared_inbox).where(
        in_ids(Account.id, param("ids")), Account.domain != "", Account.suspended_at.is_null()
    ),
    lambda *row: row,
)


def inboxes_of_followers(account_id: int) -> dict[str, str]:
    """Inbox → host, one shared inbox for all followers that have it."""
    return _inboxes(_FOLLOWERS.all(account=account_id))


def inboxes_of(account_ids: list[int]) -> dict[str, str]:
    """The same for some accounts; local ones have no need of it."""
    return _inboxes(_ACCOUNTS.all(ids=sorted(set(account_ids)))) if account_ids else {}


def personal_inboxes_of(account_ids: list[int]) -> dict[str, str]:
    """Each account's own inbox: for what is meant for one person and nobody else."""
    rows = _ACCOUNTS.all(ids=sorted(set(account_ids))) if account_ids else []
    return _inboxes([(inbox, "") for inbox, _ in rows])


def inboxes_of_status(status: Status, besides: list[int]) -> dict[str, str]:
    """Followers, unless it is a direct message, and `besides`: named, answered, boosting or liking."""
    found = inboxes_of(besides)
    return found if status.visibility == Visibility.DIRECT else found | inboxes_of_followers(status.account_id)


def _inboxes(rows: list[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for inbox, shared in rows:
        address = shared or inbox
        host = uris.host_of(address)
        if host:
            found[address] = host
    return found
