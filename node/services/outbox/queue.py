"""The way in: an activity and the inboxes it goes to; and back out again, when a Delete overtakes it."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from node import clock, config, ids, streams
from node.models import Activity, Delivery, Destination, Job
from node.models.paged import one_id
from node.models.rows import Insert
from node.services.outbox.rows import HEAD_START_MS, ONE_LEFT, held, is_given_up
from node.services.servers import domains
from node.store import Prepared, in_ids, param

TOPIC = "deliveries"
# Inboxes that one unit of work queues: nobody else waits longer than that takes.
PART = 250


@dataclass(frozen=True, kw_only=True, slots=True)
class Outgoing:
    """One activity. `id` is that of the job that queues it: the same when the work is done again."""

    id: int
    actor_id: int
    body: bytes
    about: str = ""  # each inbox hears what one actor says about one thing in order
    priority: int = 1
    newness: int = 0  # of an update: it takes the place of earlier ones about the same that have no more
    for_followers: bool = False  # and nobody else


_INSERT_ACTIVITY = Insert(Activity, ignore=True)
_INSERT_DESTINATION = Insert(Destination, ignore=True)
_INSERT_DELIVERY = Insert(Delivery, ignore=True)
_QUEUED_TO = Prepared(lambda: Activity.select(Activity.queued_to).where(Activity.id == param("id")), str)
_SET_QUEUED_TO = Prepared(
    lambda: Activity.update({Activity.queued_to: param("inbox")}).where(Activity.id == param("id")), tuple
)
_DESTINATION: Prepared[tuple[Any, ...]] = Prepared(
    lambda: held(
        Destination.select(Destination.id, Destination.state, Destination.first_failure_at).where(
            Destination.host == param("host")
        )
    ),
    lambda *row: row,
)
# A host that failed keeps its time, if anything waits for it. Of one that is well, what waits for a later time is
# only what was refused for itself; and what is more urgent keeps its head start.
_WAKE = Prepared(
    lambda: Destination.update({Destination.due_at: param("due_at")}).where(
        (Destination.id == param("id"))
        & (Destination.state != "paused")
        & (Destination.due_at.is_null() | ((Destination.failures == 0) & (Destination.due_at > param("due_at"))))
    ),
    tuple,
)


def add(outgoing: Outgoing, inboxes: dict[str, str]) -> bool:
    """Queue `outgoing` for `inboxes` (inbox → host), a part of them; whether that was the last part.

    Call it again, in another unit of work, until it was. Done anew after a crash it goes on where it was, and nothing
    is queued twice. Suspended hosts get nothing; those that were dead for a month, what they are tried with weekly.
    """
    addresses = sorted(
        inbox for inbox, host in inboxes.items() if not domains.is_suspended(config.host_without_port(host))
    )
    if not addresses:
        return True
    now = clock.now_ms()
    is_new = _INSERT_ACTIVITY.run(
        id=outgoing.id,
        actor=outgoing.actor_id,
        about=outgoing.about,
        newness=outgoing.newness,
        for_followers=outgoing.for_followers,
        body=outgoing.body,
        queued_to="",
        created_at=now,
    )
    if not is_new:
        reached = _QUEUED_TO.first(id=outgoing.id) or ""
        addresses = [address for address in addresses if address > reached]
    part = addresses[:PART]
    _queue(outgoing, part, inboxes, now)
    if len(addresses) > len(part):
        _SET_QUEUED_TO.run(id=outgoing.id, inbox=part[-1])
        return False
    return True


def _queue(outgoing: Outgoing, part: list[str], inboxes: dict[str, str], now: int) -> None:
    by_host: defaultdict[str, list[str]] = defaultdict(list)
    for inbox in part:
        by_host[inboxes[inbox]].append(inbox)
    for host in sorted(by_host):
        destination_id, state, first_failure_at = _destination(host)
        is_over = is_given_up(state, first_failure_at, now)
        if is_over and ONE_LEFT.first(destination=destination_id) is not None:
            continue
        for inbox in by_host[host][: 1 if is_over else None]:
            _INSERT_DELIVERY.run(
                id=ids.new_id(),
                destination=destination_id,
                activity=outgoing.id,
                inbox=inbox,
                priority=outgoing.priority,
            )
        _WAKE.run(id=destination_id, due_at=now - HEAD_START_MS[outgoing.priority])
    if by_host:
        streams.publish((TOPIC,), "wake")


def _destination(host: str) -> tuple[Any, ...]:
    known = _DESTINATION.first(host=host)
    if known is None:
        _INSERT_DESTINATION.run(id=ids.new_id(), host=host)
        known = _DESTINATION.first(host=host)
        assert known is not None  # noqa: S101 - inserted just now, by us or by somebody as quick
    return known


# ── and back out ──

_ABOUT = Prepared(
    lambda: Activity.select(Activity.id).where(
        (Activity.actor == param("actor")) & (Activity.about == param("about")) & (Activity.id < param("before"))
    ),
    one_id,
)
_UPDATES = Prepared(
    lambda: Activity.select(Activity.id).where(
        (Activity.actor == param("actor"))
        & (Activity.about == param("about"))
        & (Activity.id < param("before"))
        & (Activity.newness > 0)
        & (Activity.newness <= param("newness"))
    ),
    one_id,
)
_BEING_QUEUED = Prepared(
    lambda: (
        Activity.select(Activity.id)
        .join(Job, on=(Job.id == Activity.id))
        .where(
            (Activity.actor == param("actor"))
            & (Activity.about == param("about"))
            & (Activity.id < param("before"))
            & Job.failed_at.is_null()
        )
        .limit(1)
    ),
    one_id,
)
_BY = Prepared(
    lambda: Activity.select(Activity.id).where((Activity.actor == param("actor")) & (Activity.id < param("before"))),
    one_id,
)
_WITHDRAW = Prepared(lambda: Delivery.delete().where(in_ids(Delivery.activity, param("ids"))), tuple)


def supersede(outgoing: Outgoing) -> None:
    """`outgoing` is the last word on what it is about: whoever has not heard the words before need not hear them."""
    _withdraw(_ABOUT.all(actor=outgoing.actor_id, about=outgoing.about, before=outgoing.id))


def supersede_updates(outgoing: Outgoing) -> None:
    """Whoever has not heard of earlier changes need not hear of them."""
    _withdraw(
        _UPDATES.all(actor=outgoing.actor_id, about=outgoing.about, before=outgoing.id, newness=outgoing.newness)
    )


def must_wait(outgoing: Outgoing) -> bool:
    """Whether something that was said before about the same thing is still being queued, inbox after inbox."""
    if not outgoing.about:
        return False
    return _BEING_QUEUED.first(actor=outgoing.actor_id, about=outgoing.about, before=outgoing.id) is not None


def supersede_all(outgoing: Outgoing) -> None:
    """The last word of its actor, about anything."""
    _withdraw(_BY.all(actor=outgoing.actor_id, before=outgoing.id))


def _withdraw(activity_ids: list[int]) -> None:
    # What is on its way just now may arrive all the same; one host is sent to by one lease, so the last word follows.
    if activity_ids:
        _WITHDRAW.run(ids=activity_ids)
