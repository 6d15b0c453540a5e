"""When a thread is completed, and where asking begins."""

from node import clock, jobs
from node.jobs import JobKind, Priority
from node.models import LinkKind, Status, Thread, ThreadFetch
from node.models.access import OPEN
from node.models.paged import one_id
from node.models.rows import columns, row_of
from node.services.completion import rows
from node.services.completion.rows import MAX_ANCESTORS, MAX_PER_POST, MAX_POSTS, Progress
from node.services.statuses.loading import by_id
from node.store import Prepared, param

COOL_DOWN_MS = 15 * clock.MINUTE
# A person who asks again is not kept waiting for so long.
PATIENCE_MS = clock.MINUTE
# By then everything was tried as often as it is tried, or something is broken.
_STUCK_MS = clock.HOUR
_MAX_SEEDS = 100  # posts of one thread that are asked for their answers from the start
_MAX_ENDS = 5

_OF_THREAD = Prepared(
    lambda: ThreadFetch.select(*columns(ThreadFetch)).where(ThreadFetch.thread == param("thread")),
    row_of(ThreadFetch),
)
_LISTED_AT = Prepared(
    lambda: Thread.select(Thread.context_uri).where(Thread.id == param("thread")), lambda uri: str(uri)
)
_WITH_ANSWERS = Prepared(
    lambda: (
        Status.select(Status.uri, Status.replies_uri)
        .where(Status.thread == param("thread"), Status.replies_uri != "")
        .order_by(Status.id)
        .limit(_MAX_SEEDS)
    ),
    lambda uri, replies_uri: (str(uri), str(replies_uri)),
)
_OPEN_ENDS = Prepared(
    lambda: (
        Status.select(Status.uri, Status.in_reply_to_uri)
        .where(
            Status.thread == param("thread"),
            Status.in_reply_to.is_null(),
            Status.in_reply_to_uri != "",
            ~Status.local,
        )
        .order_by(Status.id)
        .limit(_MAX_ENDS)
    ),
    lambda uri, parent_uri: (str(uri), str(parent_uri)),
)
_ANY_REMOTE = Prepared(
    lambda: Status.select(Status.id).where(Status.thread == param("thread"), ~Status.local).limit(1), one_id
)


def progress_of(thread_id: int | None) -> Progress | None:
    """How the last completion of a thread stands. One query if there was none, else two."""
    fetch = _OF_THREAD.first(thread=thread_id) if thread_id is not None else None
    return None if fetch is None else rows.progress(fetch)


def progress_by_id(fetch_id: int) -> Progress | None:
    fetch = rows.by_id(fetch_id)
    return None if fetch is None else rows.progress(fetch)


def is_due(status: Status, progress: Progress | None, *, asked: bool = False) -> bool:
    """Whether looking at `status`, of whose thread this is known, is a reason to ask other servers."""
    if status.visibility not in OPEN or status.local_only or status.thread_id is None:
        return False
    if progress is None:
        # Whoever answers our own people alone is known here.
        return _ANY_REMOTE.first(thread=status.thread_id) is not None
    rest = _STUCK_MS if progress.is_running else PATIENCE_MS if asked else COOL_DOWN_MS
    return progress.asked_at < clock.now_ms() - rest


def begin(status_id: int, *, asked: bool = False) -> Progress | None:
    """Ask for more of the thread of a status, unless that was done a short while ago; how that stands.

    `asked`: by a person, who does not want to wait for as long as others do.
    """
    status = by_id(status_id)
    if status is None:
        return None
    progress = progress_of(status.thread_id)
    if not is_due(status, progress, asked=asked):
        return progress
    ThreadFetch.delete().where(ThreadFetch.thread == status.thread_id).execute()
    fetch = ThreadFetch(thread=status.thread_id, focus=status.id, asked_at=clock.now_ms())
    fetch.save(force_insert=True)
    _seed(fetch, status)
    if fetch.asked or fetch.pages:
        jobs.enqueue(JobKind.FETCH_THREAD, fetch.id, once=True, priority=Priority.NORMAL)
    else:
        fetch.finished_at = fetch.asked_at
    rows.save(fetch)
    return progress_of(status.thread_id)


def _seed(fetch: ThreadFetch, status: Status) -> None:
    if status.replies_uri:
        rows.add(fetch, LinkKind.REPLIES, status.replies_uri, about=status.uri, room=MAX_PER_POST)
    elif not status.local:
        # It came before we kept where its answers are listed.
        rows.add(fetch, LinkKind.NOTE, status.uri, room=MAX_PER_POST)
    for uri, parent_uri in _OPEN_ENDS.all(thread=status.thread_id):
        rows.add(fetch, LinkKind.PARENT, parent_uri, about=uri, room=MAX_ANCESTORS)
    if not add_context(fetch, status.thread_id):
        recurse(fetch, status.thread_id)


def add_context(fetch: ThreadFetch, thread_id: int | None) -> bool:
    """Whether somebody else says where the whole thread is listed."""
    uri = _LISTED_AT.first(thread=thread_id)
    if not uri or rows.is_own(uri):
        return False
    rows.add(fetch, LinkKind.CONTEXT, uri, about=uri, room=MAX_POSTS)
    return True


def recurse(fetch: ThreadFetch, thread_id: int | None) -> None:
    """Nobody lists the whole: each post is asked for its answers, and these for theirs."""
    fetch.recursive = True
    for uri, replies_uri in _WITH_ANSWERS.all(thread=thread_id):
        rows.add(fetch, LinkKind.REPLIES, replies_uri, about=uri, room=MAX_PER_POST)
