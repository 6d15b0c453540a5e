"""How lively the node was in the last day, week, month or year, beside the same time before: for the staff's first page."""

from typing import Any, NamedTuple

from peewee import SQL, fn

from node import clock, ids
from node.models import Status, User
from node.models.access import OPEN
from node.services.caching.cache import Cache
from node.services.community.measures import day_of


class Span(NamedTuple):
    parts: int
    unit: int  # milliseconds that one part is long


class Figure(NamedTuple):
    series: list[int]  # by part, the oldest first; the last is not over yet
    before: int  # in as many parts before these

    @property
    def total(self) -> int:
        return sum(self.series)


class Pulse(NamedTuple):
    active: Figure  # members by when they were here last, which is all that is kept of it
    posts: Figure
    newcomers: Figure


# By days.
SPANS = {1: Span(24, clock.HOUR), 7: Span(14, 12 * clock.HOUR), 30: Span(30, clock.DAY), 365: Span(52, 7 * clock.DAY)}
_cache: Cache[int, Pulse] = Cache(seconds=60, entries=len(SPANS))


def of(days: int) -> Pulse:
    """`days` is one of `SPANS`."""
    found = _cache.get(days, lambda _: _count(SPANS[days]))
    assert found is not None  # noqa: S101 - there are always figures
    return found


def _count(span: Span) -> Pulse:
    open_posts = Status.local & Status.visibility.in_(OPEN) & ~Status.local_only & Status.reblog_of.is_null()
    since = (clock.now_ms() // span.unit + 1 - 2 * span.parts) * span.unit
    return Pulse(
        active=_figure(User.select().where(User.last_active_at >= since), User.last_active_at, span),
        posts=_figure(
            Status.select().where(open_posts, Status.id >= ids.first_id_at(since)), Status.id, span, 1 << 16
        ),
        newcomers=_figure(User.select().where(User.created_at >= since), User.created_at, span),
    )


def _figure(query: Any, column: Any, span: Span, scale: int = 1) -> Figure:
    """`scale`: how many of the column's units a millisecond has."""
    part = day_of(column, span.unit * scale)
    rows = {
        int(number): int(count) for number, count in query.select(part, fn.COUNT(SQL("*"))).group_by(part).tuples()
    }
    last = clock.now_ms() // span.unit
    first = last + 1 - span.parts
    return Figure(
        [rows.get(number, 0) for number in range(first, last + 1)],
        sum(rows.get(number, 0) for number in range(first - span.parts, first)),
    )
