"""How many of those who came here together are still here: for the staff, from one query."""

from typing import Any, NamedTuple

from peewee import fn

from node import clock
from node.models import User
from node.services.community.measures import Period, at, day_of

MAX_COHORTS = 100


class Cohort(NamedTuple):
    """Who signed up in the part of time from `starts_at`; for each part since, how many were here in it or later."""

    starts_at: int
    still_here: list[tuple[int, int]]
    size: int


def cohorts(during: Period, *, by_month: bool) -> list[Cohort]:
    """Of the days or months of a period; of a long one the latest."""
    parts = sorted({_part(day, by_month) for day in during.days})[-MAX_COHORTS:]
    joined, seen = day_of(User.created_at), day_of(User.last_active_at)
    query: Any = (
        User.select(joined, seen, fn.COUNT(User.id))
        .where(at(User.created_at, Period(parts[0], during.last)), User.approved_at.is_null(False))
        .group_by(joined, seen)
    )
    rows = [(_part(int(day), by_month), int(last or day), int(count)) for day, last, count in query.tuples()]
    return [_cohort(start, [part for part in parts if part >= start], rows) for start in parts]


def _cohort(start: int, parts: list[int], rows: list[tuple[int, int, int]]) -> Cohort:
    own = [(last, count) for joined, last, count in rows if joined == start]
    here = [(part * clock.DAY, sum(count for last, count in own if last >= part)) for part in parts]
    return Cohort(start * clock.DAY, here, sum(count for _, count in own))


def _part(day: int, by_month: bool) -> int:
    """The first day of the part of time that a day is in."""
    return day - (clock.from_ms(day * clock.DAY).day - 1 if by_month else 0)
