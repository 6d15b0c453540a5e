"""The servers that this node delivers to, as its staff sees and handles them."""

from typing import Any, NamedTuple

from peewee import JOIN, SQL, fn

from node import ids
from node.errors import NotFound
from node.models import Account, Delivery, Destination, Role
from node.services import outbox
from node.services.moderation import audit, roles
from node.services.servers import traffic


class Server(NamedTuple):
    row: Destination
    waiting: int
    oldest_at: int | None  # when the delivery that waits longest was made

    @property
    def software(self) -> str:
        """Name and version, as it says itself; empty if it has said nothing yet."""
        return f"{self.row.software} {self.row.software_version}".strip()


MOST_COUNTED = 10_000


class Backlog(NamedTuple):
    """Of all servers together."""

    waiting: int  # up to MOST_COUNTED
    more: bool  # than that
    oldest_at: int | None
    dead: int  # servers that have not answered for days


def page(limit: int, offset: int = 0) -> list[Server]:
    """Those that most is waiting for come first, then by name."""
    query, waiting = _with_waiting()
    return _servers(query.order_by(fn.COALESCE(waiting, 0).desc(), Destination.host).limit(limit).offset(offset))


def busiest(limit: int) -> list[Server]:
    """Those that most went to and came from in the last days, then those that something was delivered to last."""
    query, _ = _with_waiting()
    lately = traffic.sums().alias("lately")
    query = query.join(lately, JOIN.LEFT_OUTER, on=lately.c.host == Destination.host)
    order = (fn.COALESCE(lately.c.number, 0).desc(), Destination.last_success_at.desc())
    return _servers(query.where(Destination.last_success_at.is_null(False)).order_by(*order).limit(limit))


def found(words: str, limit: int, offset: int = 0) -> list[Server]:
    """Those with `words` in their name, those that something was delivered to last first."""
    query, _ = _with_waiting()
    if words:
        query = query.where(Destination.host.contains(words))
    order = (Destination.last_success_at.is_null(), Destination.last_success_at.desc(), Destination.host)
    return _servers(query.order_by(*order).limit(limit).offset(offset))


def backlog() -> Backlog:
    """Cheap, however much waits: pages for everybody ask for it."""
    some = Delivery.select(Delivery.id).limit(MOST_COUNTED + 1)
    count = int(some.count())
    oldest = Delivery.select(fn.MIN(Delivery.id)).scalar()
    dead = Destination.select().where(Destination.state == "dead").count()
    oldest_at = None if oldest is None else ids.time_of(oldest)
    return Backlog(min(count, MOST_COUNTED), count > MOST_COUNTED, oldest_at, dead)


def waiting() -> int:
    """All deliveries, one by one: for the staff that looks at just them."""
    return int(Delivery.select().count())


def get(destination_id: int) -> Destination:
    row = Destination.get_or_none(Destination.id == destination_id)
    if row is None:
        raise NotFound("There is no such server.")
    return row


def by_host(host: str) -> Destination:
    row = Destination.get_or_none(Destination.host == host.strip().lower())
    if row is None:
        raise NotFound(f"Nothing was ever sent to {host}. See: linnet destination list")
    return row


def one(destination_id: int) -> Server:
    waiting, oldest = (
        Delivery.select(fn.COUNT(SQL("*")), fn.MIN(Delivery.id))
        .where(Delivery.destination == destination_id)
        .scalar(as_tuple=True)
    )
    return Server(get(destination_id), int(waiting), None if oldest is None else ids.time_of(oldest))


def retry(destination_id: int, by: Account | None) -> None:
    """Now, whatever the back-off says."""
    outbox.retry_now(_asked(destination_id, by, "retry").id)


def pause(destination_id: int, by: Account | None) -> None:
    """What is for it waits until it is resumed."""
    outbox.pause(_asked(destination_id, by, "pause").id)


def resume(destination_id: int, by: Account | None) -> None:
    outbox.retry_now(_asked(destination_id, by, "resume").id)


def drop(destination_id: int, by: Account | None) -> int:
    """Throw away what waits for it; returns how much it was."""
    return outbox.drop(_asked(destination_id, by, "drop").id)


def _asked(destination_id: int, by: Account | None, verb: str) -> Destination:
    roles.require(by, Role.MODERATOR)
    row = get(destination_id)
    audit.record(by, f"{verb}.deliveries", row.host)
    return row


def _with_waiting() -> tuple[Any, Any]:
    counted = (
        Delivery.select(
            Delivery.destination.alias("destination"),
            fn.COUNT(SQL("*")).alias("waiting"),
            fn.MIN(Delivery.id).alias("oldest"),
        )
        .group_by(Delivery.destination)
        .alias("counted")
    )
    query = Destination.select(Destination, counted.c.waiting, counted.c.oldest).join(
        counted, JOIN.LEFT_OUTER, on=(counted.c.destination == Destination.id)
    )
    return query, counted.c.waiting


def _servers(query: Any) -> list[Server]:
    rows = query.objects()
    return [Server(row, row.waiting or 0, None if row.oldest is None else ids.time_of(row.oldest)) for row in rows]
