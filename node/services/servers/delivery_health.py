"""How well this node reaches others, in figures that anybody may know: no server is named."""

from typing import NamedTuple

from peewee import SQL, fn

from node import clock, ids
from node.models import Destination, ReceivedActivity
from node.services.caching.cache import Kept
from node.services.servers import destinations

_OVERDUE_MS = clock.HOUR


class Health(NamedTuple):
    reached: int  # servers that take what is sent to them
    silent: int  # those that have not answered for days
    overdue: int  # those that would, and should have been served an hour ago
    waiting: int  # deliveries, as far as they are counted
    more: bool  # than that
    oldest_at: int | None  # when the one that waits longest was made
    sent_at: int | None  # when something last arrived elsewhere
    received_at: int | None  # when something last came from elsewhere

    @property
    def is_well(self) -> bool:
        return self.overdue == 0


def current() -> Health:
    """Asked for once in a minute, whoever looks."""
    return _current.get()


def overdue() -> int:
    """Living servers that should have been served an hour ago: nobody does the work."""
    late = (Destination.state == "alive") & (Destination.due_at < clock.now_ms() - _OVERDUE_MS)
    return int(Destination.select().where(late).count())


def forget() -> None:
    """For tests."""
    _current.forget()


def _load() -> Health:
    by_state = dict(
        Destination.select(Destination.state, fn.COUNT(SQL("*"))).group_by(Destination.state).tuples().iterator()
    )
    backlog = destinations.backlog()
    last = ReceivedActivity.select(fn.MAX(ReceivedActivity.id)).scalar()
    return Health(
        reached=int(by_state.get("alive", 0)),
        silent=backlog.dead,
        overdue=overdue(),
        waiting=backlog.waiting,
        more=backlog.more,
        oldest_at=backlog.oldest_at,
        sent_at=Destination.select(fn.MAX(Destination.last_success_at)).scalar(),
        received_at=None if last is None else ids.time_of(int(last)),
    )


_current: Kept[Health] = Kept(_load, seconds=60)
