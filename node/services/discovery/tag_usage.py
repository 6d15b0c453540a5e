"""How much hashtags and links were used in the last days, in what everybody may read."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import peewee
from peewee import fn

from node import clock, ids
from node.models import Account, Status, StatusTag, Visibility
from node.models.access import present
from node.services.caching.remembered import Remembered
from node.store import Prepared, in_ids, param

DAYS = 7


class Day(NamedTuple):
    """`starts_at` is midnight, UTC."""

    starts_at: int
    uses: int
    accounts: int


def _counted(query: Any, subject: Any) -> Any:
    """`query` of uses of `subject`: how many by how many people, on each day."""
    # Written out, because PostgreSQL takes two bound values for two different things to group by.
    day = peewee.Expression(Status.id, "/", peewee.SQL(str(clock.DAY << 16)))
    return (
        query.select(subject, day, fn.COUNT(fn.DISTINCT(Status.id)), fn.COUNT(fn.DISTINCT(Status.account)))
        .where(Status.visibility == Visibility.PUBLIC, ~Status.local_only, present(Account))
        .group_by(subject, day)
    )


def _tagged() -> Any:
    query = (
        StatusTag.select()
        .join_from(StatusTag, Status, on=(Status.id == StatusTag.status))
        .join_from(Status, Account, on=(Account.id == Status.account))
        .where(in_ids(StatusTag.tag, param("ids")), StatusTag.status >= param("since"))
    )
    return _counted(query, StatusTag.tag)


def _linked() -> Any:
    query = Status.select().join(Account, on=(Account.id == Status.account))
    return _counted(query.where(in_ids(Status.card, param("ids")), Status.id >= param("since")), Status.card)


def _row(subject_id: int, day: int, uses: int, accounts: int) -> tuple[int, int, int, int]:
    return int(subject_id), int(day), int(uses), int(accounts)


_TAGGED = Prepared(_tagged, _row)
_LINKED = Prepared(_linked, _row)


# To count what is used much is dear, and on every home page there is some; a few minutes change nothing of such figures.
_MANY = 200
_known: Remembered[tuple[object, int, int], list[Day]] = Remembered(entries=1_000, seconds=120)


def history(tag_ids: Sequence[int]) -> dict[int, list[Day]]:
    """Of each tag the last `DAYS` days, today first."""
    return _days(_TAGGED, tag_ids)


def of_links(card_ids: Sequence[int]) -> dict[int, list[Day]]:
    """The same of pages, by the ids of their cards."""
    return _days(_LINKED, card_ids)


def _days(used_on: Prepared[tuple[int, int, int, int]], subject_ids: Sequence[int]) -> dict[int, list[Day]]:
    today = clock.now_ms() // clock.DAY
    since = ids.first_id_at((today - DAYS + 1) * clock.DAY)
    _known.tidy()
    found = {one: days for one in subject_ids if (days := _known.get((used_on, one, today))) is not None}
    missing = [one for one in subject_ids if one not in found]
    used: defaultdict[tuple[int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for subject_id, day, uses, accounts in used_on.all(ids=missing, since=since) if missing else ():
        used[subject_id, day] = (uses, accounts)
    for one in missing:
        found[one] = [Day((today - back) * clock.DAY, *used[one, today - back]) for back in range(DAYS)]
        if sum(day.uses for day in found[one]) >= _MANY:
            _known.put((used_on, one, today), found[one])
    return found
