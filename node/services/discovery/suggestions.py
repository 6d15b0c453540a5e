"""Whom somebody might like to follow: those whom their friends follow, and those who are here."""

from itertools import islice
from typing import Any, NamedTuple

from peewee import SQL, fn

from node import clock
from node.models import Account, DismissedSuggestion, Follow, FollowRequest
from node.models.access import exists, present, unwanted
from node.models.paged import one_id
from node.models.rows import Insert
from node.services.accounts import lookup as account_lookup
from node.services.caching.cache import Cache
from node.store import Prepared, in_ids, param

_FRIENDS = 200  # the last followed; whoever follows thousands gets an answer as quickly
_KEPT = 12  # of the friends of friends, for some minutes
FRIENDS_OF_FRIENDS = "friends_of_friends"
ACTIVE_HERE = "most_interactions"  # the word of the client API that comes nearest


class Suggestion(NamedTuple):
    account_id: int
    sources: list[str]


class _Known(NamedTuple):
    account_id: int
    friend_id: int  # one of those who follow them


def _may_be_suggested(me: Any) -> Any:
    return (
        Account.discoverable
        & (Account.id != me)
        & present(Account)
        & Account.silenced_at.is_null()
        & Account.moved_to.is_null()
        & ~exists(Follow, Follow.account == me, Follow.target == Account.id)
        & ~exists(FollowRequest, FollowRequest.account == me, FollowRequest.target == Account.id)
        & ~exists(DismissedSuggestion, DismissedSuggestion.account == me, DismissedSuggestion.target == Account.id)
        & ~unwanted(Account, me, param("now"))
    )


def _here() -> Any:
    return (
        Account.select(Account.id)
        .where(_may_be_suggested(param("account")), Account.domain == "", Account.last_status_at.is_null(False))
        .order_by(Account.last_status_at.desc())
        .limit(param("limit"))
    )


def _of_friends() -> Any:
    mine, theirs, friend = Follow.alias(), Follow.alias(), Account.alias()
    friends = (
        mine.select(mine.target).where(mine.account == param("account")).order_by(mine.id.desc()).limit(_FRIENDS)
    )
    return (
        theirs.select(Account.id, fn.MAX(friend.id))
        .join_from(theirs, friend, on=(friend.id == theirs.account))
        .join_from(theirs, Account, on=(Account.id == theirs.target))
        .where(theirs.account.in_(friends), ~friend.hide_collections, _may_be_suggested(param("account")))
        .group_by(Account.id)
        .order_by(fn.COUNT(SQL("*")).desc(), Account.id)
        .limit(param("limit"))
    )


_HERE = Prepared(_here, int)
_OF_FRIENDS = Prepared(_of_friends, _Known)
_STILL = Prepared(
    lambda: Account.select(Account.id).where(in_ids(Account.id, param("ids")), _may_be_suggested(param("account"))),
    one_id,
)
_DISMISS = Insert(DismissedSuggestion, ignore=True)


def people(account_id: int, limit: int = 3) -> list[int]:
    """Ids of accounts of this node that want to be found and are not followed yet, the last active first."""
    return _HERE.all(account=account_id, now=clock.now_ms(), limit=limit)


def suggested(account_id: int, limit: int) -> list[Suggestion]:
    """Friends of friends first, those whom the most friends follow before the others; then people of this node."""
    friends = _OF_FRIENDS.all(account=account_id, now=clock.now_ms(), limit=limit)
    sources: dict[int, list[str]] = {one.account_id: [FRIENDS_OF_FRIENDS] for one in friends}
    for found in people(account_id, limit):
        sources.setdefault(found, []).append(ACTIVE_HERE)
    return [Suggestion(found, why) for found, why in sources.items()][:limit]


def beside(account_id: int, limit: int = 3) -> dict[int, int | None]:
    """The same few in passing, each with one of the friends who follow them, if any does.

    Whose friends know whom is looked up once in ten minutes: that takes longer than the page beside which it stands.
    """
    known = _known.get(account_id, _look_around) or []
    still = set(_STILL.all(account=account_id, ids=[one.account_id for one in known], now=clock.now_ms()))
    found: dict[int, int | None] = {one.account_id: one.friend_id for one in known if one.account_id in still}
    for one in people(account_id, limit):
        found.setdefault(one, None)
    return dict(islice(found.items(), limit))


def _look_around(account_id: int) -> list[_Known]:
    return _OF_FRIENDS.all(account=account_id, now=clock.now_ms(), limit=_KEPT)


_known: Cache[int, list[_Known]] = Cache(seconds=600, entries=2_000)


def dismiss(account_id: int, target_id: int) -> None:
    """Never suggest `target` again. Doing it twice changes nothing; NotFound for somebody who is not there."""
    account_lookup.visible(account_id, target_id)
    _DISMISS.run(account=account_id, target=target_id, created_at=clock.now_ms())
