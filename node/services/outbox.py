"""Deliveries: written beside what caused them, leased by host, gone once they arrived.

Back-off, fairness and the circuit breaker are one row, the `Destination`: a host that is down with a hundred thousand
deliveries waiting costs one look at one row every few hours (docs/architecture.md, "The queue").
"""

import random
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import peewee

from node import clock, config, ids, store, streams
from node.models import Account, Activity, Delivery, Destination, SigningKey
from node.models.rows import Insert
from node.services import domains
from node.store import Prepared, in_ids, param

TOPIC = "deliveries"
LEASE_MS = 2 * clock.MINUTE
# With the delays of `_delay`, 16 failures in a row take 2.8 days; then the host counts as dead and is tried weekly.
DEAD_AFTER_FAILURES = 16
_PROBE_DEAD_EVERY = 7 * clock.DAY


@dataclass(frozen=True, kw_only=True, slots=True)
class Outgoing:
    """One activity and the inboxes it goes to, by host. `id` is the same when the work is done again."""

    id: int
    actor_id: int
    body: bytes
    object_uri: str = ""
    priority: int = 1


@dataclass(frozen=True, slots=True)
class Pending:
    """A delivery with all that sending it needs."""

    id: int
    activity_id: int
    inbox: str
    attempts: int
    body: bytes
    actor_uri: str
    private_pem: str | None


@dataclass(frozen=True, slots=True)
class Lease:
    destination_id: int
    host: str
    failures: int


_INSERT_ACTIVITY = Insert(Activity, ignore=True)
_INSERT_DESTINATION = Insert(Destination, ignore=True)
_INSERT_DELIVERY = Insert(Delivery, ignore=True)


def _locked(query: Any) -> Any:
    """PostgreSQL holds the host's row until the unit ends: whoever adds a delivery and whoever finds that none is
    left take turns, or the last one would wait for ever. SQLite has one writer anyway."""
    return query if store.is_sqlite() else query.for_update()


_DESTINATION = Prepared(
    lambda: _locked(Destination.select(Destination.id).where(Destination.host == param("host"))), lambda i: int(i)
)
_HOLD = Prepared(
    lambda: _locked(Destination.select(Destination.id).where(Destination.id == param("id"))), lambda i: int(i)
)
_WAKE = Prepared(
    lambda: Destination.update({Destination.due_at: param("now")}).where(
        (Destination.id == param("id")) & Destination.due_at.is_null() & (Destination.state == "alive")
    ),
    tuple,
)


def add(outgoing: Outgoing, inboxes: dict[str, str]) -> None:
    """Queue `outgoing` for `inboxes` (inbox → host). Done twice, it is queued once. Suspended hosts get nothing."""
    by_host: defaultdict[str, list[str]] = defaultdict(list)
    for inbox, host in inboxes.items():
        if not domains.is_suspended(config.host_without_port(host)):
            by_host[host].append(inbox)
    if not by_host:
        return
    now = clock.now_ms()
    _INSERT_ACTIVITY.run(id=outgoing.id, actor=outgoing.actor_id, body=outgoing.body, created_at=now)
    for host, addresses in by_host.items():
        destination_id = _destination(host)
        for inbox in addresses:
            _INSERT_DELIVERY.run(
                id=ids.new_id(),
                destination=destination_id,
                activity=outgoing.id,
                inbox=inbox,
                object_uri=outgoing.object_uri,
                priority=outgoing.priority,
                attempts=0,
            )
        _WAKE.run(id=destination_id, now=now)
    streams.publish((TOPIC,), "wake")


def _destination(host: str) -> int:
    known = _DESTINATION.first(host=host)
    if known is None:
        _INSERT_DESTINATION.run(id=ids.new_id(), host=host)
        known = _DESTINATION.first(host=host)
        assert known is not None  # noqa: S101 - inserted just now, by us or by somebody as quick
    return known


# ── the delivering side ──


def _due() -> Any:
    query = (
        Destination.select(Destination.id, Destination.host, Destination.failures)
        .where((Destination.due_at <= param("now")) & (Destination.lease_until < param("now")))
        .order_by(Destination.due_at)
        .limit(param("limit"))
    )
    return query if store.is_sqlite() else query.for_update(skip_locked=True)


_DUE = Prepared(_due, Lease)
_LEASE = Prepared(
    lambda: Destination.update(
        {Destination.lease_until: param("until"), Destination.lease_owner: param("slot")}
    ).where(in_ids(Destination.id, param("ids"))),
    tuple,
)
_PENDING = Prepared(
    lambda: (
        Delivery.select(
            Delivery.id,
            Delivery.activity,
            Delivery.inbox,
            Delivery.attempts,
            Activity.body,
            Account.uri,
            SigningKey.private_pem,
        )
        .join(Activity, on=(Activity.id == Delivery.activity))
        .join(Account, on=(Account.id == Activity.actor))
        .join(SigningKey, peewee.JOIN.LEFT_OUTER, on=(SigningKey.account == Activity.actor))
        .where(Delivery.destination == param("destination"))
        .order_by(Delivery.priority, Delivery.id)
        .limit(param("limit"))
    ),
    lambda an_id, activity, inbox, attempts, body, actor, key: Pending(
        an_id, activity, inbox, attempts, bytes(body), actor, key
    ),
)
_DELETE = Prepared(
    lambda: Delivery.delete().where(
        (Delivery.destination == param("destination")) & in_ids(Delivery.id, param("ids"))
    ),
    tuple,
)
_TRIED = Prepared(
    lambda: Delivery.update({Delivery.attempts: Delivery.attempts + 1}).where(
        (Delivery.destination == param("destination")) & in_ids(Delivery.id, param("ids"))
    ),
    tuple,
)
_ONE_LEFT = Prepared(
    lambda: Delivery.select(Delivery.id).where(Delivery.destination == param("destination")).limit(1),
    lambda i: int(i),
)
_USED = Prepared(
    lambda: Activity.delete().where(
        in_ids(Activity.id, param("ids"))
        & Activity.id.not_in(Delivery.select(Delivery.activity).where(in_ids(Delivery.activity, param("ids"))))
    ),
    tuple,
)


def lease(slot: int, limit: int) -> list[Lease]:
    """Take up to `limit` hosts that are due, the longest waiting first."""
    now = clock.now_ms()
    taken = _DUE.all(now=now, limit=limit)
    if taken:
        _LEASE.run(until=now + LEASE_MS, slot=slot, ids=[one.destination_id for one in taken])
    return taken


def take_back(slot: int) -> None:
    """What an earlier process of this slot had leased is free: the slot is ours, so that process is dead."""
    Destination.update(lease_until=0, lease_owner=None).where(Destination.lease_owner == slot).execute()


def pending(destination_id: int, limit: int) -> list[Pending]:
    """The next deliveries of a leased host: the urgent first, then in the order in which they were made."""
    return _PENDING.all(destination=destination_id, limit=limit)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of one batch. `failure` names why the host could not be reached; then `tried` stay queued."""

    done: tuple[Pending, ...] = ()
    tried: tuple[Pending, ...] = ()
    failure: str = ""
    retry_after_ms: int = 0


def settle(lease: Lease, slot: int, outcome: Outcome) -> None:
    """Forget what arrived and decide when the host is due again; nothing, if the lease was lost meanwhile."""
    now = clock.now_ms()
    _HOLD.first(id=lease.destination_id)
    if outcome.done:
        _DELETE.run(destination=lease.destination_id, ids=[one.id for one in outcome.done])
        _USED.run(ids=sorted({one.activity_id for one in outcome.done}))
    if outcome.tried:
        _TRIED.run(destination=lease.destination_id, ids=[one.id for one in outcome.tried])
    columns: dict[str, Any] = {"lease_until": 0, "lease_owner": None}
    if outcome.failure:
        columns |= _failed(lease, outcome, now)
    else:
        waiting = _ONE_LEFT.first(destination=lease.destination_id) is not None
        columns |= {
            "due_at": now if waiting else None,
            "failures": 0,
            "first_failure_at": None,
            "last_success_at": now,
            "state": "alive",
        }
    # A host that was paused meanwhile stays so; its lease runs out by itself.
    Destination.update(columns).where(
        (Destination.id == lease.destination_id) & (Destination.lease_owner == slot) & (Destination.state != "paused")
    ).execute()


def _failed(lease: Lease, outcome: Outcome, now: int) -> dict[str, Any]:
    failures = lease.failures + 1
    dead = failures >= DEAD_AFTER_FAILURES
    delay = _PROBE_DEAD_EVERY if dead else max(_delay(failures), min(outcome.retry_after_ms, clock.DAY))
    columns = {
        "due_at": now + delay,
        "failures": failures,
        "last_error_at": now,
        "last_error": outcome.failure[:300],
        "state": "dead" if dead else "alive",
    }
    return columns | ({"first_failure_at": now} if failures == 1 else {})


def _delay(failures: int) -> int:
    """Mastodon's schedule: n⁴ + 15 seconds, and a tenth more or less, so that peers do not come back as one."""
    return int((failures**4 + 15) * clock.SECOND * random.uniform(0.9, 1.1))


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


# ── what people and peers do ──

_SLEEPING = Prepared(
    lambda: Destination.select(Destination.id).where(
        (Destination.host == param("host")) & (Destination.failures > 0) & (Destination.state != "paused")
    ),
    lambda i: int(i),
)


def revive(host: str) -> None:
    """The host has just spoken to us, so it lives: what waits for it goes out now. Cheap for healthy hosts."""
    destination_id = _SLEEPING.first(host=host)
    if destination_id is not None:
        _make_due(destination_id)


def needs_reviving(host: str) -> bool:
    """A point read, so that healthy hosts cost no write."""
    return _SLEEPING.first(host=host) is not None


def retry_now(destination_id: int) -> None:
    """Asked for by a person."""
    _make_due(destination_id)


def pause(destination_id: int) -> None:
    Destination.update(state="paused", due_at=None).where(Destination.id == destination_id).execute()


def drop(destination_id: int) -> int:
    """Throw away what waits for a host; returns how much it was."""
    count: int = Delivery.delete().where(Delivery.destination == destination_id).execute()
    Destination.update(due_at=None, failures=0).where(Destination.id == destination_id).execute()
    # A host that is paused stays so; a dead one may be tried again with what comes next.
    Destination.update(state="alive").where(Destination.id == destination_id, Destination.state == "dead").execute()
    return count


def _make_due(destination_id: int) -> None:
    waiting = _ONE_LEFT.first(destination=destination_id) is not None
    Destination.update(
        state="alive", failures=0, first_failure_at=None, due_at=clock.now_ms() if waiting else None
    ).where(Destination.id == destination_id).execute()
    streams.publish((TOPIC,), "wake")
