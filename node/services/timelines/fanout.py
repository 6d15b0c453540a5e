"""A new status goes into the home feeds of those who are to see it (docs/architecture.md, "Timelines")."""

from typing import Any

import peewee
from peewee import fn

from node import clock
from node.models import Account, Feed, Follow, FollowedTag, Status, StatusTag, Visibility
from node.models.access import unwanted
from node.models.paged import one_id
from node.models.rows import Insert
from node.services.timelines.home_rules import (
    ACTIVE_MS,
    BOOST_WINDOW,
    FEED_SIZE,
    is_active,
    understands,
    wants,
    wants_boost,
)
from node.store import Prepared, in_ids, param

_TRIM_EVERY = 64


def _into_feeds(rows: Any) -> Any:
    insert = Feed.insert_from(rows, [Feed.account, Feed.status])
    return insert.on_conflict_ignore().returning(Feed.account)


def _to_followers() -> Any:
    return _into_feeds(
        Follow.select(Follow.account, Status.id)
        .join(Status, on=(Status.account == Follow.target))
        .join(Account, on=(Account.id == Status.account))
        .where(
            Status.id == param("status"),
            Follow.target == param("author"),
            is_active(Follow.account, param("since")),
            understands(Follow, Status),
            wants(Follow.account, Status, Account, param("now")),
        )
    )


def _boost_to_followers() -> Any:
    original, original_author = Status.alias(), Account.alias()
    return _into_feeds(
        Follow.select(Follow.account, Status.id)
        .join_from(Follow, Status, on=(Status.account == Follow.target))
        .join_from(Follow, Account, on=(Account.id == Follow.target))
        .join_from(Status, original, on=(original.id == Status.reblog_of))
        .join_from(original, original_author, on=(original_author.id == original.account))
        .where(
            Status.id == param("status"),
            Follow.target == param("author"),
            Follow.show_reblogs,
            is_active(Follow.account, param("since")),
            understands(Follow, original),
            wants_boost(Follow.account, Account, original_author, param("now")),
            ~_just_shown(Follow.account, original),
        )
    )


def _just_shown(reader: Any, original: Any) -> Any:
    """`original`, or a boost of it, is among the newest entries of the reader's feed."""
    feed, shown = Feed.alias(), Status.alias()
    newest = feed.select(feed.status).where(feed.account == reader).order_by(feed.status.desc()).limit(BOOST_WINDOW)
    return fn.EXISTS(
        shown.select(peewee.SQL("1")).where(
            (shown.id == original.id) | (shown.reblog_of == original.id), shown.id.in_(newest)
        )
    )


def _to_followers_of_tags() -> Any:
    return _into_feeds(
        FollowedTag.select(FollowedTag.account, Status.id)
        .join_from(FollowedTag, StatusTag, on=(StatusTag.tag == FollowedTag.tag))
        .join_from(StatusTag, Status, on=(Status.id == StatusTag.status))
        .join_from(Status, Account, on=(Account.id == Status.account))
        .where(
            StatusTag.status == param("status"),
            Status.visibility == Visibility.PUBLIC,
            Account.silenced_at.is_null(),
            is_active(FollowedTag.account, param("since")),
            ~unwanted(Account, FollowedTag.account, param("now")),
        )
    )


def _answers_to_followers() -> Any:
    rows = (
        Status.select(Follow.account, Status.id)
        .join_from(Status, Follow, on=(Follow.target == Status.account))
        .join_from(Status, Account, on=(Account.id == Status.account))
        .where(
            in_ids(Status.id, param("statuses")),
            is_active(Follow.account, param("since")),
            understands(Follow, Status),
            wants(Follow.account, Status, Account, param("now")),
        )
    )
    insert = Feed.insert_from(rows, [Feed.account, Feed.status])
    return insert.on_conflict_ignore().returning(Feed.account, Feed.status)


_TO_FOLLOWERS = Prepared(_to_followers, one_id)
_ANSWERS_TO_FOLLOWERS = Prepared(
    _answers_to_followers, lambda account_id, status_id: (int(account_id), int(status_id))
)
_BOOST_TO_FOLLOWERS = Prepared(_boost_to_followers, one_id)
_TO_FOLLOWERS_OF_TAGS = Prepared(_to_followers_of_tags, one_id)
_INSERT = Insert(Feed, ignore=True)


def _is_just_shown() -> Any:
    original = Status.alias()
    return original.select(original.id).where(
        original.id == param("original"), _just_shown(param("account"), original)
    )


_IS_JUST_SHOWN = Prepared(_is_just_shown, one_id)


def _trim() -> Any:
    oldest_kept = (
        Feed.select(Feed.status)
        .where(Feed.account == param("account"))
        .order_by(Feed.status.desc())
        .limit(1)
        .offset(param("kept"))
    )
    return Feed.delete().where(Feed.account == param("account"), Feed.status < oldest_kept)


_TRIM = Prepared(_trim, tuple)


def distribute(status: Status, *, local: bool, tagged: bool) -> list[int]:
    """Put a status that was just made into home feeds; the accounts whose feeds got it.

    `local`: its author has a feed, too. `tagged`: somebody may follow one of its hashtags.
    """
    now = clock.now_ms()
    values = {"status": status.id, "since": now - ACTIVE_MS, "now": now}
    query = _TO_FOLLOWERS if status.reblog_of is None else _BOOST_TO_FOLLOWERS
    reached = query.all(author=status.account_id, **values)
    if tagged:
        reached += _TO_FOLLOWERS_OF_TAGS.all(**values)
    if local and _is_news_to_author(status) and _INSERT.run(account=status.account_id, status=status.id):
        reached.append(status.account_id)
    # Each feed is trimmed by one status in so many: it may grow that much beyond its size.
    if (status.id ^ (status.id >> 16)) % _TRIM_EVERY == 0:
        for account_id in reached:
            trim(account_id)
    return reached


def distribute_answers(status_ids: list[int]) -> list[tuple[int, int]]:
    """Put into home feeds what only now is known to answer somebody whom its readers know; (account, status) of each."""
    now = clock.now_ms()
    return _ANSWERS_TO_FOLLOWERS.all(statuses=status_ids, since=now - ACTIVE_MS, now=now)


def _is_news_to_author(status: Status) -> bool:
    """Who boosts what they have just read need not read it again."""
    if status.reblog_of_id is None:
        return True
    return _IS_JUST_SHOWN.first(account=status.account_id, original=status.reblog_of_id) is None


def trim(account_id: int) -> None:
    """Keep the newest `FEED_SIZE` entries of a feed."""
    _TRIM.run(account=account_id, kept=FEED_SIZE - 1)


_HOLDERS = Prepared(
    lambda: Feed.select(Feed.account).distinct().where(in_ids(Feed.status, param("statuses"))), one_id
)


def holders(status_ids: list[int]) -> list[int]:
    """The accounts in whose feeds any of these statuses stands."""
    return _HOLDERS.all(statuses=status_ids)
