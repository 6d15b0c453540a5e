"""The home timeline: from the feed that was written when statuses were made; below its end, from the follows."""

from functools import partial
from typing import Any

import peewee
from peewee import fn

from node import clock, jobs
from node.jobs import JobKind, Priority
from node.models import Account, Feed, Status, User
from node.models.access import OPEN, follows, mentioned, present, unwanted
from node.models.paged import Paged, one_id
from node.paging import Page
from node.services.timelines.by_follows import by_follows
from node.services.timelines.home_rules import ACTIVE_MS, FEED_SIZE
from node.services.timelines.kinds import Kind, is_of
from node.store import Prepared, param


def _feed(only: Kind | None = None) -> Any:
    """The feed without what its reader has stopped wanting since it was written."""
    account, now = param("account"), param("now")
    original, original_author = Status.alias(), Account.alias()
    rows = (
        Feed.select(Feed.status)
        .join_from(Feed, Status, on=(Status.id == Feed.status))
        .join_from(Status, Account, on=(Account.id == Status.account))
        .join_from(Status, original, peewee.JOIN.LEFT_OUTER, on=(original.id == Status.reblog_of))
        .join_from(original, original_author, peewee.JOIN.LEFT_OUTER, on=(original_author.id == original.account))
        .where(
            Feed.account == account,
            present(Account),
            (Status.account == account) | (_still_readable(account) & ~unwanted(Account, account, now)),
            Status.reblog_of.is_null()
            | (present(original_author) & ((original.account == account) | ~unwanted(original_author, account, now))),
        )
    )
    return rows if only is None else rows.where(is_of(only, account, original))


def _still_readable(reader: Any) -> Any:
    """Until the feed of somebody who follows no more is built anew."""
    return Status.visibility.in_(OPEN) | follows(reader, Status.account) | mentioned(reader, Status)


_HOME = Paged(_feed, Feed.status, one_id)
_ONLY = {kind: Paged(partial(_feed, kind), Feed.status, one_id) for kind in Kind}
_FEED_LENGTH = Prepared(
    lambda: Feed.select(fn.COUNT(peewee.SQL("*"))).where(Feed.account == param("account")), one_id
)
_OLDEST = Prepared(
    lambda: Feed.select(Feed.status).where(Feed.account == param("account")).order_by(Feed.status).limit(1), one_id
)


def home(account_id: int, page: Page, *, only: Kind | None = None) -> list[int]:
    """The home timeline of a local account; of one kind, as far back as its feed goes."""
    if only is not None:
        return _ONLY[only].page(page, account=account_id, now=clock.now_ms())
    if page.is_upward and _begins_above(account_id, page.floor):
        return [status_id for status_id, _ in by_follows(account_id, page)]
    rows = _HOME.page(page, account=account_id, now=clock.now_ms())
    if len(rows) == page.limit or page.is_upward or not _is_long(account_id):
        return rows
    # What a feed holds is limited; who reads on gets the rest from whom it follows.
    rest = Page(limit=page.limit - len(rows), max_id=min([page.max_id, *rows[-1:]]), since_id=page.since_id)
    return rows + [status_id for status_id, _ in by_follows(account_id, rest)]


def _begins_above(account_id: int, status_id: int) -> bool:
    """Whoever reads on from there, where they were long ago, would miss what came before the feed."""
    return (_OLDEST.first(account=account_id) or 0) > status_id and _is_long(account_id)


def _is_long(account_id: int) -> bool:
    """There may be more than the feed holds, which is shorter than it may be where it was built anew of many boosts."""
    return (_FEED_LENGTH.first(account=account_id) or 0) >= FEED_SIZE // 4


def seen(user_id: int, account_id: int) -> None:
    """Somebody is here. After a long absence, in which nothing was written into the feed, it is built anew."""
    now = clock.now_ms()
    user = User.get_by_id(user_id)
    if (user.last_active_at or user.created_at) < now - ACTIVE_MS:
        jobs.enqueue(JobKind.BUILD_FEED, account_id, priority=Priority.URGENT, once=True)
    User.update(last_active_at=now).where(User.id == user_id).execute()
