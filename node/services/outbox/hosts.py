"""What people decide about a host, and what it shows of itself by speaking to us."""

from typing import Any

from node import clock, streams
from node.models import Delivery, Destination
from node.services.outbox.queue import TOPIC
from node.services.outbox.rows import ONE_LEFT, longest_delay_ms
from node.store import Prepared, param

# A host that speaks to us all the time and takes nothing is not asked more often for that.
REVIVED_EVERY_MS = 5 * clock.MINUTE

_SLEEPING: Prepared[tuple[Any, ...]] = Prepared(
    lambda: Destination.select(
        Destination.id, Destination.state, Destination.failures, Destination.due_at, Destination.last_error_at
    ).where((Destination.host == param("host")) & (Destination.failures > 0) & (Destination.state != "paused")),
    lambda *row: row,
)


def revive(host: str) -> None:
    """The host has just spoken to us, so it lives: what waits for it is tried now. Of a healthy host it reads only."""
    row = _sleeping(host)
    if row is not None:
        destination_id, was_dead = row
        _make_due(destination_id, anew=was_dead)


def _sleeping(host: str) -> tuple[int, bool] | None:
    """(id, whether it was dead) of a host that may be tried before its time."""
    row = _SLEEPING.first(host=host)
    if row is None:
        return None
    destination_id, state, failures, due_at, last_error_at = row
    if state == "dead" or last_error_at is None:
        return destination_id, True
    # Longer than the schedule is what the host asked for itself, by Retry-After.
    was_asked = due_at is not None and due_at - last_error_at > longest_delay_ms(failures)
    is_early = clock.now_ms() - last_error_at < REVIVED_EVERY_MS
    return None if was_asked or is_early else (destination_id, False)


def retry_now(destination_id: int) -> None:
    """Asked for by a person."""
    _make_due(destination_id, anew=True)


def pause(destination_id: int) -> None:
    Destination.update(state="paused", due_at=None).where(Destination.id == destination_id).execute()


def drop(destination_id: int) -> int:
    """Throw away what waits for a host; returns how much it was."""
    count: int = Delivery.delete().where(Delivery.destination == destination_id).execute()
    Destination.update(due_at=None, failures=0, first_failure_at=None, lease_until=0, lease_owner=None).where(
        Destination.id == destination_id
    ).execute()
    # A host that is paused stays so; a dead one may be tried again with what comes next.
    Destination.update(state="alive").where(Destination.id == destination_id, Destination.state == "dead").execute()
    return count


def _make_due(destination_id: int, *, anew: bool) -> None:
    """`anew`: as if it had never failed. Else the count goes on, so that a host that takes nothing will be dead."""
    waiting = ONE_LEFT.first(destination=destination_id) is not None
    columns: dict[str, Any] = {"state": "alive", "due_at": clock.now_ms() if waiting else None}
    if anew or not waiting:
        columns |= {"failures": 0, "first_failure_at": None}
    Destination.update(columns).where(Destination.id == destination_id).execute()
    if anew:
        refused = Delivery.attempts > 0  # not `due_at > 0`: it may be on its way once more, to be refused again
        Delivery.update(due_at=0, attempts=0).where(Delivery.destination == destination_id, refused).execute()
    streams.publish((TOPIC,), "wake")
