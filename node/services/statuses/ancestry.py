"""Where a status stands in its thread, whatever order the thread's statuses arrive in."""

from typing import Any, NamedTuple

import peewee

from node import clock, ids, streams
from node.models import Status, Thread, ThreadFetch, ThreadMute
from node.models.access import OPEN
from node.models.paged import one_id
from node.models.rows import Insert
from node.services.timelines import fanout
from node.store import Prepared, in_ids, param


class _Orphan(NamedTuple):
    id: int
    thread_id: int | None
    visibility: str


# Of a thread that nobody gave a name: the address of its first known post, and this.
UNNAMED = "#thread"

# What somebody has before them hears of answers that are younger than this, not of a thread that is completed.
_NEWS_MS = clock.HOUR
_MAX_DEPTH = 1_000
_MAX_ORPHANS = 1_000

_THREAD_BY_URI = Prepared(lambda: Thread.select(Thread.id).where(Thread.uri == param("uri")), one_id)
_LISTED_AT = Prepared(
    lambda: Thread.update({Thread.context_uri: param("uri")}).where(
        Thread.id == param("thread"), Thread.context_uri == ""
    ),
    tuple,
)
_INSERT_THREAD = Insert(Thread, ignore=True)
_SET_THREAD = Prepared(
    lambda: Status.update({Status.thread: param("thread")}).where(Status.id == param("status")), tuple
)
_COUNT_REPLIES = Prepared(
    lambda: Status.update({Status.replies_count: Status.replies_count + param("by")}).where(
        Status.id == param("status")
    ),
    tuple,
)
_ORPHANS = Prepared(
    lambda: (
        Status.select(Status.id, Status.thread, Status.visibility)
        .where(
            Status.in_reply_to_uri == param("uri"),
            # Said so that both engines see that the index of orphans is enough.
            peewee.SQL("in_reply_to_uri <> ''"),
            Status.in_reply_to.is_null(),
        )
        .limit(_MAX_ORPHANS)
    ),
    _Orphan,
)
_ADOPT = Prepared(
    lambda: Status.update({Status.in_reply_to: param("parent"), Status.in_reply_to_account: param("account")}).where(
        in_ids(Status.id, param("orphans"))
    ),
    tuple,
)
_PARENT = Prepared(lambda: Status.select(Status.in_reply_to).where(Status.id == param("id")), lambda parent: parent)


def thread_of(uri: str, parent: Status | None, context_uri: str = "") -> int:
    """The thread of a new status: its parent's, else the one that `uri` names, which is listed at `context_uri`."""
    if parent is not None:
        if parent.thread_id is None:
            parent.thread = thread_of(f"{parent.uri}{UNNAMED}", None)
            _SET_THREAD.run(status=parent.id, thread=parent.thread_id)
        return int(parent.thread)
    made = ids.new_id()
    # Most posts begin a thread, so that is tried first.
    if _INSERT_THREAD.run(id=made, uri=uri, context_uri=context_uri):
        return made
    found = _THREAD_BY_URI.first(uri=uri)
    assert found is not None  # noqa: S101 - or the insertion would have done something
    if context_uri:
        _LISTED_AT.run(thread=found, uri=context_uri)
    return found


def count_reply(parent_id: int, by: int = 1) -> None:
    _COUNT_REPLIES.run(status=parent_id, by=by)


def adopt_orphans(status: Status) -> None:
    """Answers that arrived before `status` learn whom they answer, come into its thread, and into home feeds."""
    orphans = _ORPHANS.all(uri=status.uri)
    if orphans and status.in_reply_to_id is not None:
        # Whoever makes two statuses that answer each other must not make a circle of them.
        above = ancestor_ids(status)
        orphans = [orphan for orphan in orphans if orphan.id not in above]
    orphans = [orphan for orphan in orphans if orphan.id != status.id]
    if not orphans:
        return
    _ADOPT.run(parent=status.id, account=status.account_id, orphans=[orphan.id for orphan in orphans])
    for account_id, orphan_id in fanout.distribute_answers([orphan.id for orphan in orphans]):
        if ids.time_of(orphan_id) > clock.now_ms() - _NEWS_MS:
            streams.publish((f"user:{account_id}",), "update", orphan_id)
    count_reply(status.id, sum(orphan.visibility in OPEN for orphan in orphans))
    into = thread_of(status.uri, status)
    for thread_id in {orphan.thread_id for orphan in orphans}:
        if thread_id is not None and thread_id != into:
            _join(thread_id, into)


def ancestor_ids(status: Status) -> set[int]:
    above: set[int] = set()
    parent: Any = status.in_reply_to_id
    while parent is not None and parent not in above and len(above) < _MAX_DEPTH:
        above.add(parent)
        parent = _PARENT.first(id=parent)
    return above


def _join(thread_id: int, into: int) -> None:
    """Two threads turn out to be one. Whoever muted the one has muted both."""
    Status.update(thread=into).where(Status.thread == thread_id).execute()
    if ThreadFetch.get_or_none(ThreadFetch.thread == into) is None:
        ThreadFetch.update(thread=into).where(ThreadFetch.thread == thread_id).execute()
    Thread.update(context_uri=Thread.select(Thread.context_uri).where(Thread.id == thread_id)).where(
        Thread.id == into, Thread.context_uri == ""
    ).execute()
    for mute in ThreadMute.select().where(ThreadMute.thread == thread_id):
        ThreadMute.insert(account=mute.account_id, thread=into).on_conflict_ignore().execute()
