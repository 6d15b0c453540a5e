"""The home timeline straight from the statuses of those who are followed: feeds are built of it, and end in it."""

from typing import Any

import peewee
from peewee import fn

from node import clock
from node.models import Account, Feed, Follow, Status, Visibility
from node.models.access import present
from node.models.paged import one_id
from node.paging import Page
from node.services.timelines.home_rules import BOOST_WINDOW, FEED_SIZE, understands, wants, wants_boost
from node.store import Prepared, param


def newest_of(author: Any) -> Any:
    """The newest statuses of one author within a page: a subquery that one index answers."""
    one = Status.alias()
    return (
        one.select(one.id)
        .where(one.account == author, one.id < param("max_id"), one.id > param("floor"))
        .order_by(one.id.desc())
        .limit(param("each"))
    )


def _from_follows() -> Any:
    reader, now = param("account"), param("now")
    original, original_author = Status.alias(), Account.alias()
    return (
        Follow.select(Status.id, Status.reblog_of)
        .join_from(Follow, Account, on=(Account.id == Follow.target))
        .join_from(Follow, Status, on=(Status.account == Follow.target) & Status.id.in_(newest_of(Follow.target)))
        .join_from(Status, original, peewee.JOIN.LEFT_OUTER, on=(original.id == Status.reblog_of))
        .join_from(original, original_author, peewee.JOIN.LEFT_OUTER, on=(original_author.id == original.account))
        .where(
            Follow.account == reader,
            present(Account),
            # A boost that still has to be allowed is a direct one (docs/adr/0034-boosts-that-wait.md).
            Status.reblog_of.is_null() | (Status.visibility != Visibility.DIRECT),
            Status.reblog_of.is_null()
            | (Follow.show_reblogs & present(original_author) & wants_boost(reader, Account, original_author, now)),
            Status.reblog_of.is_null(False) | (understands(Follow, Status) & wants(reader, Status, Account, now)),
        )
        .order_by(Status.id.desc())
        .limit(param("limit"))
    )


_FROM_FOLLOWS = Prepared(_from_follows, lambda status_id, original_id: (int(status_id), original_id))
_OWN = Prepared(
    lambda: (
        Status.select(Status.id, Status.reblog_of)
        .where(Status.account == param("account"), Status.id < param("max_id"), Status.id > param("floor"))
        .order_by(Status.id.desc())
        .limit(param("limit"))
    ),
    lambda status_id, original_id: (int(status_id), original_id),
)
_FOLLOW_COUNT = Prepared(
    lambda: Follow.select(fn.COUNT(peewee.SQL("*"))).where(Follow.account == param("account")), one_id
)


def by_follows(account_id: int, page: Page) -> list[tuple[int, int | None]]:
    """(status id, id of what it boosts), newest first, straight from the statuses of those who are followed."""
    count = _FOLLOW_COUNT.first(account=account_id) or 0
    each = min(max(4 * page.limit // max(count, 1), 20), page.limit)
    values = {"account": account_id, "max_id": page.max_id, "floor": page.floor, "limit": page.limit}
    rows = set(_OWN.all(**values)) | set(_FROM_FOLLOWS.all(**values, each=each, now=clock.now_ms()))
    return sorted(rows, reverse=True, key=lambda row: row[0])[: page.limit]


def rebuild(account_id: int) -> None:
    """Write the feed anew: after a long absence, a follow or an unfollow."""
    kept: list[tuple[int, int | None]] = []
    for status_id, original_id in reversed(by_follows(account_id, Page(limit=FEED_SIZE))):
        shown = {number for row in kept[-BOOST_WINDOW:] for number in row}
        if original_id is None or original_id not in shown:
            kept.append((status_id, original_id))
    Feed.delete().where(Feed.account == account_id).execute()
    rows = [(account_id, status_id) for status_id, _ in kept]
    for start in range(0, len(rows), 200):
        Feed.insert_many(rows[start : start + 200], [Feed.account, Feed.status]).execute()
