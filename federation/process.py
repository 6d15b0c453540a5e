"""Acts on activities that were accepted. What a receiver needs from elsewhere it fetches first; then its effect, the
emptying of the body and the end of the job are one unit of work: after a crash all of it happened, or nothing.
"""

import asyncio

import structlog

from federation import strict_json, uris
from federation.activities import RECEIVERS
from federation.context import Budget, Federation
from federation.errors import FetchError
from federation.inbox import WHILE_SUSPENDED
from federation.incoming import Incoming, Work
from federation.parse.activity import parse_activity
from node import clock, jobs, store
from node.errors import NodeError, Unavailable
from node.jobs import JobKind, Priority, TakenJob
from node.models import Account, ReceivedActivity
from node.models.rows import columns, row_of
from node.services import account_lookup
from node.store import Prepared, param

log = structlog.get_logger()

# Documents that one activity may have us fetch: what it is about, who wrote that, and who is named in it.
FETCHES = 24
FETCHING_SECONDS = 20.0
# What needs a server that does not answer is given up some hours later.
ATTEMPTS = 9
# Somebody whose posts arrive is looked at again after so long.
STALE_MS = clock.DAY

_RECEIVED = Prepared(
    lambda: ReceivedActivity.select(*columns(ReceivedActivity)).where(ReceivedActivity.id == param("id")),
    row_of(ReceivedActivity),
)
_EMPTY = Prepared(
    lambda: ReceivedActivity.update({ReceivedActivity.body: b""}).where(ReceivedActivity.id == param("id")), tuple
)


async def process(fed: Federation, job: TakenJob) -> None:
    """The handler of PROCESS_ACTIVITY."""
    loaded = await store.point(_load, job.subject)
    work = await _work(fed, job, *loaded) if loaded is not None else None
    actor = loaded[1] if loaded is not None else None
    try:
        await store.write(_finish, job, work, actor)
    except Unavailable:
        raise
    except NodeError as error:  # what the receiver wanted is against a rule; the unit of work is rolled back
        log.info("activity dropped", actor=actor.uri if actor else "", reason=str(error))
        await store.write(_finish, job, None, actor)


def _load(received_id: int) -> tuple[ReceivedActivity, Account] | None:
    received = _RECEIVED.first(id=received_id)
    if received is None or not received.body:
        return None
    actor = account_lookup.by_id(received.actor)
    return (received, actor) if actor is not None else None


async def _work(fed: Federation, job: TakenJob, received: ReceivedActivity, actor: Account) -> Work | None:
    """What is to be written, or None when the activity changes nothing."""
    try:
        activity = parse_activity(strict_json.loads(bytes(received.body)))
        receiver = RECEIVERS.get(activity.type)
        if receiver is None or (actor.is_gone and activity.type not in WHILE_SUSPENDED):
            log.info("activity ignored", type=activity.type, actor=actor.uri)
            return None
        inbox_id = job.payload.get("inbox")
        with Budget(FETCHES, fed.lanes, uris.host_of(actor.uri) or "") as budget:
            async with asyncio.timeout(FETCHING_SECONDS):
                return await receiver(fed, Incoming(activity, actor, inbox_id, budget))
    except (NodeError, TimeoutError) as error:
        if _may_pass(error) and job.attempts < ATTEMPTS:
            raise  # the queue tries again later
        log.info("activity dropped", actor=actor.uri, reason=str(error))
    return None


def _may_pass(error: Exception) -> bool:
    return error.temporary if isinstance(error, FetchError) else isinstance(error, Unavailable | TimeoutError)


def _finish(job: TakenJob, work: Work | None, actor: Account | None) -> None:
    if work is not None:
        work()
    _EMPTY.run(id=job.subject)
    if actor is not None and not actor.is_gone and (actor.fetched_at or 0) < clock.now_ms() - STALE_MS:
        jobs.enqueue(JobKind.FETCH_ACCOUNT, payload={"uri": actor.uri}, priority=Priority.BULK, once=True)
    jobs.finish(job)
