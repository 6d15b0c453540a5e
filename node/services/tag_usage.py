"""How much hashtags were used in the last days, in what everybody may read."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import peewee
from peewee import fn

from node import clock, ids
from node.models import Account, Status, StatusTag, Visibility
from node.models.access import present
from node.store import Prepared, in_ids, param

DAYS = 7


class Day(NamedTuple):
    """`starts_at` is midnight, UTC."""

    starts_at: int
    uses: int
    accounts: int


def _used() -> Any:
    # Written out, because PostgreSQL takes two bound values for two different things to group by.
    day = peewee.Expression(Status.id, "/", peewee.SQL(str(clock.DAY << 16)))
    return (
        StatusTag.select(StatusTag.tag, day, fn.COUNT(fn.DISTINCT(Status.id)), fn.COUNT(fn.DISTINCT(Status.account)))
        .join_from(StatusTag, Status, on=(Status.id == StatusTag.status))
        .join_from(Status, Account, on=(Account.id == Status.account))
        .where(
            in_ids(StatusTag.tag, param("tags")),
            StatusTag.status >= param("since"),
            Status.visibility == Visibility.PUBLIC,
            ~Status.local_only,
            present(Account),
        )
        .group_by(StatusTag.tag, day)
    )


_USED = Prepared(_used, lambda tag_id, day, uses, accounts: (int(tag_id), int(day), int(uses), int(accounts)))


def history(tag_ids: Sequence[int]) -> dict[int, list[Day]]:
    """Of each tag the last `DAYS` days, today first."""
    today = clock.now_ms() // clock.DAY
    since = ids.first_id_at((today - DAYS + 1) * clock.DAY)
    used: defaultdict[tuple[int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for tag_id, day, uses, accounts in _USED.all(tags=list(tag_ids), since=since) if tag_ids else ():
        used[tag_id, day] = (uses, accounts)
    days = [today - back for back in range(DAYS)]
    return {tag_id: [Day(day * clock.DAY, *used[tag_id, day]) for day in days] for tag_id in tag_ids}
