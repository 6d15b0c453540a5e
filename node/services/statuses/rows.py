"""What changes often of a status (counters, who its author is now) and what is the reader's own (flags).

One narrow query, however many statuses; everything else that is shown is remembered by version.
"""

from typing import Any

import msgspec
from peewee import SQL

from node.models import Account, Bookmark, Favourite, Follow, Pin, Status, ThreadMute
from node.models.access import exists
from node.services.accounts import authors
from node.services.statuses.loading import visible_with_original
from node.store import Prepared, in_ids, param


class Row(msgspec.Struct, gc=False):
    """`author` is what `authors.by_keys` finds it by, `flags` in that of `_flags`, empty for visitors."""

    id: int
    version: int
    reblog_of_id: int | None
    in_reply_to_id: int | None
    in_reply_to_account_id: int | None
    thread_id: int | None
    replies_count: int
    reblogs_count: int
    favourites_count: int
    reactions: str
    quotes_count: int
    author: authors.Key
    flags: tuple[Any, ...]


_OWN = 11  # columns of the status itself; those of its author follow, then the flags
_AUTHOR = len(authors.columns())


def _into(*values: Any) -> Row:
    end = _OWN + _AUTHOR
    return Row(*(*values[:_OWN], values[_OWN:end], values[end:]))


def _select(viewer: Any) -> Any:
    columns = [
        Status.id,
        Status.version,
        Status.reblog_of,
        Status.in_reply_to,
        Status.in_reply_to_account,
        Status.thread,
        Status.replies_count,
        Status.reblogs_count,
        Status.favourites_count,
        Status.reactions,
        Status.quotes_count,
        *authors.columns(),
    ]
    return Status.select(*columns, *(_flags(viewer) if viewer is not None else ()))


def _flags(viewer: Any) -> list[Any]:
    boost = Status.alias()
    return [
        exists(Favourite, Favourite.account == viewer, Favourite.status == Status.id),
        exists(boost, boost.account == viewer, boost.reblog_of == Status.id),
        exists(Bookmark, Bookmark.account == viewer, Bookmark.status == Status.id),
        exists(ThreadMute, ThreadMute.account == viewer, ThreadMute.thread == Status.thread),
        (Status.account == viewer) & exists(Pin, Pin.status == Status.id),
        _speaks_of_followers() & exists(Follow, Follow.account == viewer, Follow.target == Status.account),
        _speaks_of_followers() & exists(Follow, Follow.account == Status.account, Follow.target == viewer),
    ]


def _speaks_of_followers() -> Any:
    """The policy names followers, or those whom the author follows."""
    return Status.policy.contains("follow")


def _with_author(query: Any) -> Any:
    return query.join_from(Status, Account, on=(Account.id == Status.account)).where(in_ids(Status.id, param("ids")))


_FOR_READER = Prepared(lambda: _with_author(_select(param("viewer"))), _into)
_FOR_VISITOR = Prepared(lambda: _with_author(_select(None)), _into)
_VISIBLE = Prepared(
    lambda: visible_with_original(_select(param("viewer")), param("viewer")).where(Status.id == param("id")), _into
)
_VISIBLE_TO_VISITOR = Prepared(
    lambda: visible_with_original(_select(None), SQL("0")).where(Status.id == param("id")), _into
)


def of(status_ids: list[int], viewer_id: int | None) -> list[Row]:
    """Of those that the viewer may read, in any order."""
    return (
        _FOR_VISITOR.all(ids=status_ids) if viewer_id is None else _FOR_READER.all(ids=status_ids, viewer=viewer_id)
    )


def visible(status_id: int, viewer_id: int | None) -> Row | None:
    """None, unless the viewer may read it."""
    if viewer_id is None:
        return _VISIBLE_TO_VISITOR.first(id=status_id)
    return _VISIBLE.first(viewer=viewer_id, id=status_id)
