"""Visibility as addressing, and who is sent what (FEDERATION.md, Objects and Delivery). Plain queries, no network."""

from dataclasses import dataclass, field
from typing import Any

from peewee import Case, fn

from federation import uris
from node.models import Account, Follow, Visibility
from node.models.access import blocked, present
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


def _address() -> Any:
    """Where an account is reached together with others of its server. Both inboxes are of one host: parse/actor.py."""
    return Case(None, [(Account.shared_inbox != "", Account.shared_inbox)], Account.inbox)


def _elsewhere() -> Any:
    return (Account.domain != "") & present(Account)


# The database collapses them: a hundred thousand followers are a few thousand addresses.
_FOLLOWERS = Prepared(
    lambda: (
        Follow.select(_address())
        .distinct()
        .join(Account, on=(Account.id == Follow.account))
        .where(Follow.target == param("account"), _elsewhere())
    ),
    str,
)
_ACCOUNTS = Prepared(
    lambda: Account.select(_address()).distinct().where(in_ids(Account.id, param("ids")), _elsewhere()), str
)
_READERS = Prepared(
    lambda: (
        Account.select(_address())
        .distinct()
        .where(in_ids(Account.id, param("ids")), _elsewhere(), ~blocked(param("author"), Account.id))
    ),
    str,
)
_PERSONAL = Prepared(
    lambda: Account.select(Account.inbox).distinct().where(in_ids(Account.id, param("ids")), _elsewhere()), str
)


def inboxes_of_followers(account_id: int) -> dict[str, str]:
    """Inbox → host, one shared inbox for all followers that have it."""
    return _by_host(_FOLLOWERS.all(account=account_id))


def inboxes_of(account_ids: list[int]) -> dict[str, str]:
    """The same for some accounts; local ones have no need of it."""
    return _by_host(_ACCOUNTS.all(ids=account_ids)) if account_ids else {}


def inboxes_of_readers(author_id: int, account_ids: list[int]) -> dict[str, str]:
    """The same, without those whom the author blocks, or who block the author: they do not see each other."""
    return _by_host(_READERS.all(author=author_id, ids=account_ids)) if account_ids else {}


def personal_inboxes_of(account_ids: list[int]) -> dict[str, str]:
    """Each account's own inbox: for what is meant for one person and nobody else."""
    return _by_host(_PERSONAL.all(ids=account_ids)) if account_ids else {}


def inboxes_of_everybody() -> dict[str, str]:
    """One inbox at least of each server that is known here, though nobody there follows any more, or all are gone."""
    remote = Account.domain != ""
    shared = Account.select(Account.shared_inbox).where(remote, Account.shared_inbox != "").distinct()
    found = _by_host([row.shared_inbox for row in shared])
    hosts = set(found.values())
    # GoToSocial and some small servers have none; there any inbox does.
    alone: Any = Account.select(fn.MIN(Account.inbox)).where(remote, Account.inbox != "", Account.shared_inbox == "")
    own = _by_host([inbox for (inbox,) in alone.group_by(Account.domain).tuples()])
    return found | {inbox: host for inbox, host in own.items() if host not in hosts}


def inboxes_elsewhere(inboxes: list[str], known: dict[str, str]) -> dict[str, str]:
    """Those of hosts that are not reached by the known ones."""
    reached = set(known.values())
    return {inbox: host for inbox, host in _by_host(inboxes).items() if host not in reached}


def _by_host(inboxes: list[str]) -> dict[str, str]:
    return {inbox: host for inbox in inboxes if (host := uris.host_of(inbox)) is not None}
