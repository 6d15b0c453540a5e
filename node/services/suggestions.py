"""Whom somebody might like to follow, and what is being talked about: for who looks around."""

from typing import Any

from peewee import SQL, fn

from node import clock, ids
from node.models import Account, Follow, FollowRequest, Status, StatusTag, Tag, Visibility
from node.models.access import exists, present, unwanted
from node.services.cache import Cache
from node.store import Prepared, in_ids, param

_TALK_MS = 3 * clock.DAY
_PEOPLE = 2  # a tag that one person uses is not talked about


def _candidates() -> Any:
    me = param("account")
    return (
        Account.select(Account.id)
        .where(
            Account.discoverable,
            Account.domain == "",
            Account.id != me,
            Account.last_status_at.is_null(False),
            present(Account),
            Account.silenced_at.is_null(),
            Account.moved_to.is_null(),
            ~exists(Follow, Follow.account == me, Follow.target == Account.id),
            ~exists(FollowRequest, FollowRequest.account == me, FollowRequest.target == Account.id),
            ~unwanted(Account, me, param("now")),
        )
        .order_by(Account.last_status_at.desc())
        .limit(param("limit"))
    )


_PEOPLE_HERE = Prepared(_candidates, int)


def people(account_id: int, limit: int = 3) -> list[int]:
    """Ids of accounts of this node that want to be found and are not followed yet, the last active first."""
    return _PEOPLE_HERE.all(account=account_id, now=clock.now_ms(), limit=limit)


def _talked() -> Any:
    people_count = fn.COUNT(fn.DISTINCT(Status.account))
    return (
        StatusTag.select(StatusTag.tag)
        .join_from(StatusTag, Status, on=(Status.id == StatusTag.status))
        .join_from(Status, Account, on=(Account.id == Status.account))
        .where(
            StatusTag.status >= param("since"),
            Status.visibility == Visibility.PUBLIC,
            ~Status.local_only,
            present(Account),
            Account.silenced_at.is_null(),
        )
        .group_by(StatusTag.tag)
        .having(people_count >= _PEOPLE)
        .order_by(people_count.desc(), fn.COUNT(SQL("*")).desc(), StatusTag.tag)
        .limit(param("limit"))
    )


_TALKED = Prepared(_talked, int)
_tags: Cache[int, list[Tag]] = Cache(seconds=300, entries=10)


def tags(limit: int = 5) -> list[Tag]:
    """What several people wrote about in public in the last days, the most people first."""
    return _tags.get(limit, _load_tags) or []


def _load_tags(limit: int) -> list[Tag]:
    wanted = _TALKED.all(since=ids.first_id_at(clock.now_ms() - _TALK_MS), limit=limit)
    rows = {row.id: row for row in Tag.select().where(in_ids(Tag.id, wanted))}
    return [rows[tag_id] for tag_id in wanted if tag_id in rows]
