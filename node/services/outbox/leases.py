"""The way out: hosts that are due are leased with what waits for them, and settled once it was tried."""

import random
from dataclasses import dataclass
from typing import Any

import peewee
from peewee import Case, fn

from node import clock, store
from node.models import Account, Activity, Delivery, Destination, Job, SigningKey
from node.services.outbox.rows import DEAD_AFTER_FAILURES, DEAD_AFTER_MS, HEAD_START_MS, held, longest_delay_ms
from node.store import Prepared, in_ids, param

LEASE_MS = 2 * clock.MINUTE
BATCH = 20  # deliveries to one host for each lease
_PROBE_DEAD_EVERY = 7 * clock.DAY


@dataclass(frozen=True, slots=True)
class Pending:
    """A delivery with all that sending it needs."""

    id: int
    activity_id: int
    inbox: str
    attempts: int
    about: str
    body: bytes
    actor_uri: str
    private_pem: str | None
    actor_id: int = 0
    for_followers: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Lease:
    """A host that is ours until `until`, and the next deliveries to it: the urgent first, then as they were made."""

    destination_id: int
    host: str
    failures: int
    until: int
    batch: tuple[Pending, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of one batch; what is in neither list was not tried and stays as it is."""

    done: tuple[Pending, ...] = ()  # arrived, or refused for good
    refused: tuple[Pending, ...] = ()  # not taken this time, though the host answers: each has a time of its own
    stopped: tuple[str, ...] = ()  # inboxes that are no more: nothing that waits for them is sent
    failure: str = ""  # why the host as a whole is not to be had
    refusal: str = ""  # what it said of the last thing that it did not take
    is_taken: bool = True  # some of it, where there is a refusal
    retry_after_ms: int = 0
    is_gone: bool = False  # the host says that it will not come back


def _due(condition: Any) -> Any:
    query = (
        Destination.select(Destination.id, Destination.host, Destination.failures)
        .where((Destination.due_at <= param("now")) & (Destination.lease_until < param("now")) & condition)
        .order_by(Destination.due_at)
        .limit(param("limit"))
    )
    return query if store.is_sqlite() else query.for_update(skip_locked=True)


_HEALTHY: Prepared[tuple[Any, ...]] = Prepared(lambda: _due(Destination.failures == 0), lambda *row: row)
_FAILING: Prepared[tuple[Any, ...]] = Prepared(lambda: _due(Destination.failures > 0), lambda *row: row)
_LEASE = Prepared(
    lambda: Destination.update(
        {Destination.lease_until: param("until"), Destination.lease_owner: param("slot")}
    ).where(in_ids(Destination.id, param("ids"))),
    tuple,
)


def _sendable(columns: tuple[Any, ...]) -> Any:
    """What may go now. What was refused and waits holds back what was said later about the same thing."""
    before, waiting = Activity.alias(), Delivery.alias()
    held_back = (
        before.select(before.id)
        .join(waiting, on=(waiting.activity == before.id))
        .where(
            (before.actor == Activity.actor)
            & (before.about == Activity.about)
            & (before.id < Activity.id)
            & (waiting.destination == Delivery.destination)
            & (waiting.inbox == Delivery.inbox)
            & (waiting.due_at > param("now"))
        )
    )
    return (
        Delivery.select(*columns)
        .join(Activity, on=(Activity.id == Delivery.activity))
        .where(
            (Delivery.destination == param("destination"))
            & (Delivery.due_at <= param("now"))
            & ((Activity.about == "") | ~fn.EXISTS(held_back))
        )
        .order_by(Delivery.priority, Delivery.id)
        .limit(param("limit"))
    )


_PENDING = Prepared(
    lambda: (
        _sendable(
            (
                Delivery.id,
                Delivery.activity,
                Delivery.inbox,
                Delivery.attempts,
                Activity.about,
                Activity.body,
                Account.uri,
                SigningKey.private_pem,
                Activity.actor,
                Activity.for_followers,
            )
        )
        .join(Account, on=(Account.id == Activity.actor))
        .join(SigningKey, peewee.JOIN.LEFT_OUTER, on=(SigningKey.account == Account.id))
    ),
    lambda an_id, activity, inbox, attempts, about, body, actor, key, actor_id, for_followers: Pending(
        an_id, activity, inbox, attempts, about, bytes(body), actor, key, actor_id, for_followers
    ),
)


def lease(slot: int, *, hosts: int, failing: int) -> list[Lease]:
    """Take hosts that are due, the longest waiting first; of those that failed last time, `failing` at most."""
    now = clock.now_ms()
    failed = _FAILING.all(now=now, limit=failing) if failing > 0 else []
    rows = _HEALTHY.all(now=now, limit=hosts - len(failed)) + failed
    if rows:
        _LEASE.run(until=now + LEASE_MS, slot=slot, ids=[row[0] for row in rows])
    return [
        Lease(
            destination_id=destination_id,
            host=host,
            failures=failures,
            until=now + LEASE_MS,
            batch=tuple(_PENDING.all(destination=destination_id, now=now, limit=BATCH)),
        )
        for destination_id, host, failures in rows
    ]


def take_back(slot: int) -> None:
    """What an earlier process of this slot had leased is free: the slot is ours, so that process is dead."""
    Destination.update(lease_until=0, lease_owner=None).where(Destination.lease_owner == slot).execute()


_NEXT = Prepared(
    lambda: (
        Destination.select(Destination.due_at)
        .where(Destination.due_at.is_null(False) & (Destination.lease_until < param("now")))
        .order_by(Destination.due_at)
        .limit(1)
    ),
    lambda due_at: int(due_at),
)


def next_due_at() -> int | None:
    return _NEXT.first(now=clock.now_ms())


# ── afterwards ──

_HOLD = Prepared(
    lambda: held(
        Destination.select(Destination.failures, Destination.first_failure_at).where(Destination.id == param("id"))
    ),
    lambda *row: row,
)
_DELETE = Prepared(
    lambda: Delivery.delete().where(
        (Delivery.destination == param("destination")) & in_ids(Delivery.id, param("ids"))
    ),
    tuple,
)
_STOP = Prepared(
    lambda: Delivery.delete().where(
        (Delivery.destination == param("destination")) & (Delivery.inbox == param("inbox"))
    ),
    tuple,
)
_ATTEMPTS: Prepared[tuple[int, int]] = Prepared(
    lambda: Delivery.select(Delivery.id, Delivery.attempts).where(
        (Delivery.destination == param("destination")) & in_ids(Delivery.id, param("ids"))
    ),
    lambda *row: row,
)
_REFUSED = Prepared(
    lambda: Delivery.update({Delivery.attempts: Delivery.attempts + 1, Delivery.due_at: param("due_at")}).where(
        (Delivery.destination == param("destination")) & (Delivery.id == param("id"))
    ),
    tuple,
)


def _unused() -> Any:
    """A job that is still queueing its activity for inbox after inbox has the activity's id."""
    waiting = Delivery.select(Delivery.id).where(Delivery.activity == Activity.id)
    queueing = Job.select(Job.id).where(Job.id == Activity.id)
    return Activity.delete().where(in_ids(Activity.id, param("ids")) & ~fn.EXISTS(waiting) & ~fn.EXISTS(queueing))


_UNUSED = Prepared(_unused, tuple)
_READY = Prepared(lambda: _sendable((Delivery.priority,)), lambda priority: int(priority))
_LATER = Prepared(
    lambda: Delivery.select(fn.MIN(Delivery.due_at)).where(
        (Delivery.destination == param("destination")) & (Delivery.due_at > param("now"))
    ),
    lambda due_at: due_at,
)


def _settled(**columns: Any) -> Any:
    """For the holder of the lease alone. Who was paused meanwhile stays so."""
    paused = Destination.state == "paused"
    if "state" in columns:
        columns["state"] = Case(None, [(paused, "paused")], columns["state"])
    # PostgreSQL cannot see the type of a value that is always NULL.
    due_at = Case(None, [(paused, peewee.SQL("NULL"))], param("due_at").cast("BIGINT"))
    return Destination.update(columns | {"due_at": due_at, "lease_until": 0, "lease_owner": None}).where(
        (Destination.id == param("id"))
        & (Destination.lease_owner == param("slot"))
        & (Destination.lease_until == param("until"))
    )


_TAKEN = Prepared(
    lambda: _settled(state="alive", failures=0, first_failure_at=None, last_success_at=param("now")), tuple
)
_PARTLY_TAKEN = Prepared(
    lambda: _settled(
        state="alive",
        failures=0,
        first_failure_at=None,
        last_success_at=fn.COALESCE(param("taken_at").cast("BIGINT"), Destination.last_success_at),
        last_error_at=param("now"),
        last_error=param("error"),
    ),
    tuple,
)
_SILENT = Prepared(
    lambda: _settled(
        state=param("state"),
        failures=param("failures"),
        first_failure_at=param("first_failure_at"),
        last_error_at=param("now"),
        last_error=param("error"),
    ),
    tuple,
)
_UNTRIED = Prepared(lambda: _settled(), tuple)


def settle(lease: Lease, slot: int, outcome: Outcome) -> None:
    """Forget what arrived and decide when the host is due again; that only if the lease is still ours."""
    now = clock.now_ms()
    destination_id = lease.destination_id
    before = _HOLD.first(id=destination_id) or (0, None)
    if outcome.done:
        _DELETE.run(destination=destination_id, ids=[one.id for one in outcome.done])
    if outcome.refused:
        # Not as they were leased, for somebody may have begun anew meanwhile.
        for an_id, attempts in _ATTEMPTS.all(destination=destination_id, ids=[one.id for one in outcome.refused]):
            due_at = now + _delay(attempts + 1) if not outcome.failure else 0
            _REFUSED.run(destination=destination_id, id=an_id, due_at=due_at)
    for inbox in outcome.stopped:
        _STOP.run(destination=destination_id, inbox=inbox)
    if outcome.done or outcome.stopped:
        _UNUSED.run(ids=sorted({one.activity_id for one in lease.batch}))
    fence: dict[str, Any] = {"id": destination_id, "slot": slot, "until": lease.until}
    if outcome.failure:
        _SILENT.run(**fence, now=now, error=outcome.failure[:300], **_failed(before, outcome, now))
    elif outcome.refusal:
        taken_at = now if outcome.is_taken else None
        error = outcome.refusal[:300]
        _PARTLY_TAKEN.run(**fence, now=now, taken_at=taken_at, error=error, due_at=_next(destination_id, now))
    elif outcome.done or outcome.refused:
        _TAKEN.run(**fence, now=now, due_at=_next(destination_id, now))
    else:
        _UNTRIED.run(**fence, due_at=_next(destination_id, now))


def _next(destination_id: int, now: int) -> int | None:
    most_urgent = _READY.first(destination=destination_id, now=now, limit=1)
    if most_urgent is not None:
        return now - HEAD_START_MS[most_urgent]
    return _LATER.first(destination=destination_id, now=now)


def _failed(before: tuple[int, int | None], outcome: Outcome, now: int) -> dict[str, Any]:
    """`before`: how often it failed, and since when; not as it was leased, for somebody may have begun anew meanwhile."""
    failures = before[0] + 1
    since = now if before[1] is None else before[1]
    is_dead = failures >= DEAD_AFTER_FAILURES and now - since >= DEAD_AFTER_MS
    if outcome.is_gone:
        failures, is_dead = max(failures, DEAD_AFTER_FAILURES), True
    delay = max(_delay(failures), min(outcome.retry_after_ms, clock.DAY))
    return {
        "due_at": now + (_PROBE_DEAD_EVERY if is_dead else delay),
        "state": "dead" if is_dead else "alive",
        "failures": failures,
        "first_failure_at": since,
    }


def _delay(failures: int) -> int:
    """A tenth more or less than the schedule, so that peers do not come back as one."""
    return int(longest_delay_ms(failures) * random.uniform(0.9, 1.1) / 1.1)
