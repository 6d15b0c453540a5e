"""What comes from other servers and goes to them, counted by hour, and for each server by day: for the pages of the staff.

Counting is a dictionary's work; what was counted is written once a minute, so that no activity costs a query more. What a
killed process had counted since is lost, and nothing else.
"""

import time
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from peewee import EXCLUDED, Model, Select, chunked, fn

from node import clock
from node.models import DeliveryCount, ServerDay

DAYS = 7
_WRITTEN_EVERY_SECONDS = 60.0
_KEPT_HOURS = 366 * 24
_ROWS_AT_ONCE = 500


class Result(StrEnum):
    DELIVERED = "delivered"
    RETRIED = "retried"
    GIVEN_UP = "given_up"


class Hour(NamedTuple):
    hour: int  # since 1970
    delivered: int
    retried: int
    given_up: int
    received: int


class Server(NamedTuple):
    """The last days of one of them."""

    received: int  # today, by UTC
    delivered: int
    answer_ms: int | None  # on average, if it answered at all
    series: list[int]  # of both, by day, the oldest first


class Counts(NamedTuple):
    by_hour: Mapping[int, Mapping[str, int]]
    by_server: Mapping[tuple[str, int], Mapping[str, int]]  # host and day


_Row = dict[str, Any]

_by_hour: dict[int, Counter[str]] = {}
_by_server: dict[tuple[str, int], Counter[str]] = {}
_written_at = 0.0


def count_try(host: str, result: Result, answer_ms: int | None) -> None:
    """One delivery was tried and ended so; None if nobody answered."""
    hour, server = _now(host)
    hour[result.value] += 1
    if result is Result.DELIVERED:
        server["delivered"] += 1
    if answer_ms is not None:
        server["answers"] += 1
        server["answer_ms"] += answer_ms


def count_received(host: str) -> None:
    """One activity was taken in."""
    for counter in _now(host):
        counter["received"] += 1


def is_due() -> bool:
    """Whether there is something to write, and the last time is a minute ago."""
    return bool(_by_hour) and time.monotonic() >= _written_at + _WRITTEN_EVERY_SECONDS


def take() -> Counts:
    """What was counted, once: a unit of work that runs again must find the same."""
    global _by_hour, _by_server, _written_at
    taken = Counts(_by_hour, _by_server)
    _by_hour, _by_server, _written_at = {}, {}, time.monotonic()
    return taken


def keep(counts: Counts) -> None:
    """Add to what this and other processes wrote, in one order, so that none of them waits for another in a circle."""
    hours: list[_Row] = [{"id": hour, **counted} for hour, counted in sorted(counts.by_hour.items())]
    days: list[_Row] = [
        {"host": host, "day": day, **counted} for (host, day), counted in sorted(counts.by_server.items())
    ]
    _add(DeliveryCount, ("id",), hours)
    _add(ServerDay, ("host", "day"), days)


def lately(hours: int) -> list[Hour]:
    """The last ones, the oldest first, each of them."""
    now = clock.now_ms() // clock.HOUR
    rows = DeliveryCount.select().where(DeliveryCount.id > now - hours)
    known = {row.id: Hour(row.id, row.delivered, row.retried, row.given_up, row.received) for row in rows}
    return [known.get(hour, Hour(hour, 0, 0, 0, 0)) for hour in range(now - hours + 1, now + 1)]


def of(hosts: Iterable[str]) -> dict[str, Server]:
    """All that were asked for, in one query."""
    today = clock.now_ms() // clock.DAY
    asked = list(hosts)
    rows = list(ServerDay.select().where(ServerDay.host.in_(asked), ServerDay.day > today - DAYS))
    return {host: _server([row for row in rows if row.host == host], today) for host in asked}


def sums() -> Select:
    """Of what went to and fro in the last days, as `number` by `host`."""
    number = fn.SUM(ServerDay.received + ServerDay.delivered).alias("number")
    since = clock.now_ms() // clock.DAY - DAYS
    return ServerDay.select(ServerDay.host, number).where(ServerDay.day > since).group_by(ServerDay.host)


def forget_old() -> int:
    """Run daily."""
    now = clock.now_ms()
    old_hours = DeliveryCount.delete().where(DeliveryCount.id < now // clock.HOUR - _KEPT_HOURS)
    old_days = ServerDay.delete().where(ServerDay.day <= now // clock.DAY - DAYS)
    return int(old_hours.execute()) + int(old_days.execute())


def _now(host: str) -> tuple[Counter[str], Counter[str]]:
    now = clock.now_ms()
    hour = _by_hour.setdefault(now // clock.HOUR, Counter())
    return hour, _by_server.setdefault((host, now // clock.DAY), Counter())


def _add(model: type[Model], key: tuple[str, ...], rows: list[_Row]) -> None:
    fields = model._meta.fields
    counted = [field for name, field in fields.items() if name not in key]
    complete = [{field.name: 0 for field in counted} | row for row in rows]
    more = {field: field + getattr(EXCLUDED, field.column_name) for field in counted}
    for some in chunked(complete, _ROWS_AT_ONCE):
        target = [fields[name] for name in key]
        model.insert_many(some).on_conflict(conflict_target=target, update=more).execute()


def _server(rows: list[ServerDay], today: int) -> Server:
    by_day = {row.day: row for row in rows}
    now = by_day.get(today)
    answers = sum(row.answers for row in rows)
    return Server(
        received=now.received if now else 0,
        delivered=now.delivered if now else 0,
        answer_ms=sum(row.answer_ms for row in rows) // answers if answers else None,
        series=[
            by_day[day].received + by_day[day].delivered if day in by_day else 0
            for day in range(today - DAYS + 1, today + 1)
        ],
    )
