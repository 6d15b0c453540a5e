"""Acts on activities that were accepted. What a receiver needs from elsewhere it fetches first; then its effect, the
emptying of the body and the end of the job are one unit of work: after a crash all of it happened, or nothing. What needs
nothing from elsewhere is done in the unit that accepts it, without a job (docs/adr/0049).
"""

from functools import partial
from typing import Any

import structlog

from federation import ignored, uris
from federation.activities import RECEIVERS
from federation.context import Federation
from federation.delivery import forwarding
from federation.finding import resolve
from federation.http.attempts import Work, attempt
from federation.http.budget import Budget
from federation.inbox.incoming import WHILE_SUSPENDED, Incoming
from federation.parse.activity import Reading, read_activity
from node import clock, jobs, store
from node.jobs import JobKind, Priority, TakenJob
from node.models import Account, ReceivedActivity
from node.models.rows import columns, rows_of
from node.store import Prepared, param

log = structlog.get_logger()

# Documents that one activity may have us fetch: what it is about, who wrote that, and who is named in it.
FETCHES = 24
# Somebody whose posts arrive is looked at again after so long.
STALE_MS = clock.DAY

# Most of what arrives. The others are rarer, or write more than once.
_AT_ONCE = frozenset({"Create"})
# A profile is stored as soon as it is fetched, as is what a relay names.
_DONE_AT_ONCE = frozenset({"Announce", "Update"})

_RECEIVED: Prepared[tuple[ReceivedActivity, Account]] = Prepared(
    lambda: (
        ReceivedActivity.select(*columns(ReceivedActivity), *columns(Account))
        .join(Account, on=(Account.id == ReceivedActivity.actor))
        .where(ReceivedActivity.id == param("id"), ReceivedActivity.body != b"")
    ),
    rows_of(ReceivedActivity, Account),
)
_EMPTY = Prepared(
    lambda: ReceivedActivity.update({ReceivedActivity.body: b""}).where(ReceivedActivity.id == param("id")), tuple
)


async def at_once(fed: Federation, body: bytes, reading: Reading, actor: Account, inbox_id: int) -> Work | None:
    """What the unit of work that accepts the activity may do as well; None if it is for the queue.

    Nobody is asked for anything, so this takes no longer than it computes.
    """
    if reading.activity.type not in _AT_ONCE or actor.is_gone or not actor.is_confirmed:
        return None
    nothing = Budget(0)
    try:
        work = await _received(fed, body, reading, actor, {"inbox": inbox_id} if inbox_id else {}, nothing)
    except Exception:  # noqa: BLE001 - the queue comes to the same end, and deals with it
        return None
    # Without what it may ask for, a receiver may have made do with less.
    return None if work is None or nothing.overdrawn else partial(_do, work, actor)


async def process(fed: Federation, job: TakenJob) -> None:
    """The handler of PROCESS_ACTIVITY."""
    loaded = await store.point(_RECEIVED.first, id=job.subject)
    if loaded is None:  # it was acted on before
        await store.write(jobs.finish, job)
        return
    received, actor = loaded

    async def act(budget: Budget) -> Work | None:
        return await _act(fed, received, actor, job.payload, budget)

    host = uris.host_of(actor.uri) or ""
    await attempt(fed.lanes, job, act, host=host, fetches=FETCHES, finish=partial(_finish, actor))


async def _act(
    fed: Federation, received: ReceivedActivity, actor: Account, arrival: dict[str, Any], budget: Budget
) -> Work | None:
    """What is to be written, or None when the activity changes nothing."""
    body = bytes(received.body)
    reading = fed.readings.get(str(received.id)) or read_activity(body)
    activity = reading.activity
    receiver = RECEIVERS.get(activity.type)
    if receiver is not None and not actor.is_confirmed:
        # It spoke to us for the first time: who it is was not asked while it waited for our answer.
        actor = await resolve.account(fed, actor.uri, budget=budget)
    if receiver is None or (actor.is_gone and activity.type not in WHILE_SUSPENDED):
        log.info("activity ignored", type=activity.type, actor=actor.uri)
        ignored.count_activity(activity.type, "unknown" if receiver is None else "gone")
        return None
    work = await _received(fed, body, reading, actor, arrival, budget)
    if work is None and activity.type not in _DONE_AT_ONCE:
        ignored.count_activity(activity.type, "nothing to do")
    return work


async def _received(
    fed: Federation, body: bytes, reading: Reading, actor: Account, arrival: dict[str, Any], budget: Budget
) -> Work | None:
    document, activity = reading
    incoming = Incoming(
        activity,
        actor,
        arrival.get("inbox"),
        budget,
        passed_on=arrival.get("passed_on", False),
        passable=body if forwarding.may_be_passed_on(document) else b"",
    )
    return await RECEIVERS[activity.type](fed, incoming)


def _do(work: Work, actor: Account) -> None:
    work()
    _renew(actor)


def _finish(actor: Account, job: TakenJob) -> None:
    _EMPTY.run(id=job.subject)
    _renew(actor)
    jobs.finish(job)


def _renew(actor: Account) -> None:
    """Somebody whose posts arrive is looked at now and then."""
    if not actor.is_gone and actor.is_confirmed and (actor.fetched_at or 0) < clock.now_ms() - STALE_MS:
        jobs.enqueue(JobKind.FETCH_ACCOUNT, payload={"uri": actor.uri}, priority=Priority.BULK, once=True)
