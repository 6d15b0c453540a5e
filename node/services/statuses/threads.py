"""What a status answers, and what answers it."""

from collections import defaultdict

from node import clock
from node.models import Account, Status
from node.models.access import unwanted
from node.models.paged import one_id
from node.services.statuses.loading import get_original, visible_with_original
from node.store import Prepared, in_ids, param

MAX_ANCESTORS = 200
MAX_DESCENDANTS = 1_000
_MAX_THREAD = 10_000  # statuses of one thread that are looked at

_IN_THREAD = Prepared(
    lambda: (
        Status.select(Status.id, Status.in_reply_to)
        .where(Status.thread == param("thread"))
        .order_by(Status.id)
        .limit(_MAX_THREAD)
    ),
    lambda status_id, parent_id: (int(status_id), parent_id),
)
_READABLE = Prepared(
    lambda: visible_with_original(Status.select(Status.id), param("viewer")).where(
        in_ids(Status.id, param("ids")),
        (Status.account == param("viewer")) | ~unwanted(Account, param("viewer"), param("now")),
    ),
    one_id,
)


def ancestors(viewer_id: int | None, status_id: int, limit: int = MAX_ANCESTORS) -> list[int]:
    """What the status answers, the root first; of a long way up the nearest part."""
    status = get_original(viewer_id, status_id)
    if status.in_reply_to_id is None or status.thread_id is None:
        return []
    parents = dict(_IN_THREAD.all(thread=status.thread_id))
    above: list[int] = []
    parent = status.in_reply_to_id
    while parent in parents and parent not in above and len(above) < limit:
        above.append(parent)
        parent = parents[parent]
    return _readable(viewer_id, above[::-1])


def descendants(viewer_id: int | None, status_id: int, limit: int = MAX_DESCENDANTS) -> list[int]:
    """What answers the status, depth first: each answer is followed by the answers to it."""
    status = get_original(viewer_id, status_id)
    if status.thread_id is None:
        return []
    children: defaultdict[int | None, list[int]] = defaultdict(list)
    for child, parent in _IN_THREAD.all(thread=status.thread_id):
        children[parent].append(child)
    below: list[int] = []
    seen = {status.id}
    waiting = children[status.id][::-1]
    while waiting and len(below) < limit:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            below.append(one)
            waiting += reversed(children[one])
    return _readable(viewer_id, below)


def _readable(viewer_id: int | None, ids: list[int]) -> list[int]:
    if not ids:
        return []
    readable = set(_READABLE.all(viewer=viewer_id or 0, ids=ids, now=clock.now_ms()))
    return [status_id for status_id in ids if status_id in readable]
