"""The home timeline straight from the statuses of those who are followed: feeds are built of it, and end in it."""

from typing import Any

import peewee

from node import clock
from node.models import Account, Feed, Follow, Status, Visibility
from node.models.access import present
from node.models.paged import Paged
from node.paging import LARGEST_ID, Page
from node.services.timelines.gathered import Gathered
from node.services.timelines.home_rules import BOOST_WINDOW, FEED_SIZE, understands, wants, wants_boost
from node.store import param

_MOST_PAGES = 10  # of which a feed is built: pages are short where little is wanted


def _wanted() -> Any:
    reader, now = param("account"), param("now")
    original, original_author = Status.alias(), Account.alias()
    return (
        Status.select(Status.id, Status.reblog_of)
        .join_from(Status, Follow, on=(Follow.target == Status.account) & (Follow.account == reader))
        .join_from(Status, Account, on=(Account.id == Status.account))
        .join_from(Status, original, peewee.JOIN.LEFT_OUTER, on=(original.id == Status.reblog_of))
        .join_from(original, original_author, peewee.JOIN.LEFT_OUTER, on=(original_author.id == original.account))
        .where(
            present(Account),
            # A boost that still has to be allowed is a direct one (docs/adr/0034-boosts-that-wait.md).
            Status.reblog_of.is_null() | (Status.visibility != Visibility.DIRECT),
            Status.reblog_of.is_null()
            | (Follow.show_reblogs & present(original_author) & wants_boost(reader, Account, original_author, now)),
            Status.reblog_of.is_null(False) | (understands(Follow, Status) & wants(reader, Status, Account, now)),
        )
    )


_FROM_FOLLOWS = Gathered(Follow, Follow.target, lambda: Follow.account == param("account"), _wanted)
_OWN: Paged[tuple[int, int | None]] = Paged(
    lambda: Status.select(Status.id, Status.reblog_of).where(Status.account == param("account")),
    Status.id,
    lambda *row: row,
)


def by_follows(account_id: int, page: Page) -> list[tuple[int, int | None]]:
    """(status id, id of what it boosts), newest first, straight from the statuses of those who are followed."""
    own = _OWN.page(page, account=account_id)
    return _FROM_FOLLOWS.page(page, own, account=account_id, now=clock.now_ms())


def rebuild(account_id: int) -> None:
    """Write the feed anew: after a long absence, a follow or an unfollow."""
    rows: list[tuple[int, int | None]] = []
    for _ in range(_MOST_PAGES):
        before = rows[-1][0] if rows else LARGEST_ID
        rows += (page := by_follows(account_id, Page(limit=FEED_SIZE - len(rows), max_id=before)))
        if not page or len(rows) == FEED_SIZE:
            break
    kept: list[tuple[int, int | None]] = []
    for status_id, original_id in reversed(rows):
        shown = {number for row in kept[-BOOST_WINDOW:] for number in row}
        if original_id is None or original_id not in shown:
            kept.append((status_id, original_id))
    Feed.delete().where(Feed.account == account_id).execute()
    entries = [(account_id, status_id) for status_id, _ in kept]
    for start in range(0, len(entries), 200):
        Feed.insert_many(entries[start : start + 200], [Feed.account, Feed.status]).execute()
