"""What somebody's open posts tell about how they write: how often, when, and about what. Counted every few minutes."""

from collections import Counter
from typing import Any, NamedTuple

from peewee import SQL, fn

from node import clock, ids
from node.models import Status, StatusTag, Tag
from node.models.access import OPEN
from node.services.caching.cache import Cache
from node.store import Prepared, param

WEEKS = 16
MAX_TAGS = 6
_COUNTED = 3_000  # of the posts of somebody who writes a lot, the latest
_WEEK_MS = 7 * clock.DAY
PARTS_OF_DAY = 4  # of six hours each
_PARTS_OF_WEEK = 7 * PARTS_OF_DAY
_FIRST_MONDAY_MS = 4 * clock.DAY
# It is a habit where it was so more than a few times, and twice as often as by chance.
_FEW = 4


class Habits(NamedTuple):
    weeks: tuple[int, ...]  # posts a week, the oldest first; the last is this one
    tags: tuple[tuple[str, int], ...]  # the most used first
    busiest: int | None  # the part of the week with most posts: 0 is the first of Monday, in UTC


_NONE = Habits((), (), None)
_cache: Cache[int, Habits] = Cache(seconds=600, entries=2_000)

_IDS = Prepared(
    lambda: (
        Status.select(Status.id)
        .where(
            Status.account == param("account"),
            Status.id >= param("since"),
            Status.reblog_of.is_null(),
            Status.visibility.in_(OPEN),
            ~Status.local_only,
        )
        .order_by(Status.id.desc())
        .limit(_COUNTED)
    ),
    int,
)


def _used() -> Any:
    uses = fn.COUNT(SQL("*"))
    return (
        StatusTag.select(Tag.key, uses)
        .join_from(StatusTag, Status, on=(Status.id == StatusTag.status))
        .join_from(StatusTag, Tag, on=(Tag.id == StatusTag.tag))
        .where(
            Status.account == param("account"),
            Status.id >= param("since"),
            Status.reblog_of.is_null(),
            Status.visibility.in_(OPEN),
            ~Status.local_only,
        )
        .group_by(Tag.key)
        .order_by(uses.desc(), Tag.key)
        .limit(MAX_TAGS)
    )


_TAGS = Prepared(_used, lambda key, uses: (str(key), int(uses)))


def of(account_id: int) -> Habits:
    return _cache.get(account_id, _count) or _NONE


def _count(account_id: int) -> Habits:
    now = clock.now_ms()
    since = ids.first_id_at(now - WEEKS * _WEEK_MS)
    times = [ids.time_of(status_id) for status_id in _IDS.all(account=account_id, since=since)]
    if not times:
        return _NONE
    ages = Counter((now - at) // _WEEK_MS for at in times)
    first = min(max(ages), WEEKS - 1)
    weeks = tuple(ages[age] for age in range(first, -1, -1))
    return Habits(weeks, tuple(_TAGS.all(account=account_id, since=since)), _busiest(times))


def _busiest(times: list[int]) -> int | None:
    parts = Counter((at - _FIRST_MONDAY_MS) % _WEEK_MS // (clock.DAY // PARTS_OF_DAY) for at in times)
    part, most = parts.most_common(1)[0]
    return part if most >= _FEW and most * _PARTS_OF_WEEK >= 2 * len(times) else None
