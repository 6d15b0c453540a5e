"""How deliveries fare, counted by hour: for the staff's first page.

Counting is a dictionary's work; what was counted is written once a minute, so that no delivery costs a query more. What
a killed process had counted since is lost, and nothing else.
"""

import time
from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from peewee import EXCLUDED

from node import clock
from node.models import DeliveryCount

_WRITTEN_EVERY_SECONDS = 60.0
_KEPT_HOURS = 366 * 24

Counts = Mapping[tuple[int, str], int]  # by hour and result


class Result(StrEnum):
    DELIVERED = "delivered"
    RETRIED = "retried"
    GIVEN_UP = "given_up"


class Hour(NamedTuple):
    hour: int  # since 1970
    delivered: int
    retried: int
    given_up: int


_counted: Counter[tuple[int, str]] = Counter()
_written_at = 0.0


def count(result: Result) -> None:
    """One try ended so."""
    _counted[clock.now_ms() // clock.HOUR, result.value] += 1


def is_due() -> bool:
    """Whether there is something to write, and the last time is a minute ago."""
    return bool(_counted) and time.monotonic() >= _written_at + _WRITTEN_EVERY_SECONDS


def take() -> Counts:
    """What was counted, once: a unit of work that runs again must find the same."""
    global _written_at
    _written_at = time.monotonic()
    counts = dict(_counted)
    _counted.clear()
    return counts


def keep(counts: Counts) -> None:
    """Add to what this and other processes wrote."""
    for hour in sorted({hour for hour, _ in counts}):
        row = {"id": hour} | {result.value: counts.get((hour, result.value), 0) for result in Result}
        more = {
            column: column + getattr(EXCLUDED, column.name)
            for column in (DeliveryCount.delivered, DeliveryCount.retried, DeliveryCount.given_up)
        }
        DeliveryCount.insert(row).on_conflict(conflict_target=[DeliveryCount.id], update=more).execute()


def lately(hours: int) -> list[Hour]:
    """The last ones, the oldest first, each of them."""
    now = clock.now_ms() // clock.HOUR
    rows = DeliveryCount.select().where(DeliveryCount.id > now - hours)
    known = {row.id: Hour(row.id, row.delivered, row.retried, row.given_up) for row in rows}
    return [known.get(hour, Hour(hour, 0, 0, 0)) for hour in range(now - hours + 1, now + 1)]


def forget_old() -> int:
    """Run daily."""
    oldest = clock.now_ms() // clock.HOUR - _KEPT_HOURS
    return int(DeliveryCount.delete().where(DeliveryCount.id < oldest).execute())
