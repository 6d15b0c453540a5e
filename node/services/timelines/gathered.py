"""What many authors wrote, straight from their statuses: the home timeline below its feed, and lists.

In two steps, because most of what many write is on no page: an index alone says what was written about a time; whether
the reader wants that is asked of as many as fill a page, and of more where some are left out. To ask it of the newest of
each author reads 2 000 statuses for twenty, with all that decides about them.
"""

from collections.abc import Callable, Sequence
from typing import Any

from node import clock, ids
from node.models import Status
from node.models.paged import one_id
from node.paging import Page
from node.store import Prepared, in_ids, param

# How many are looked at together: as many as fill a page, and ever more where few of them are wanted. After so many looks,
# some thousand statuses, a page may be short.
_LEAST, _MOST = 20, 500
_MOST_LOOKS = 20
# A day of many authors fills a page; where it does not, ever longer times are looked at, six of them in ninety years.
_FIRST_SPAN_MS = clock.DAY
_SPANS_GROW = 8


Row = tuple[int, int | None]  # the id of a status, and of what it boosts


class Gathered:
    """`links` are the rows that name authors in `author`: those for which `mine` is true.

    `wanted` selects the id of a status and of what it boosts, for those that the reader wants, in no order. Both take
    the parameters that `page` is given.
    """

    def __init__(self, links: Any, author: Any, mine: Callable[[], Any], wanted: Callable[[], Any]) -> None:
        def written() -> Any:
            within = (Status.account == author) & (Status.id < param("top")) & (Status.id > param("floor"))
            query = links.select(Status.id).join_from(links, Status, on=within)
            return query.where(mine()).limit(param("each"))

        self._down = Prepared(lambda: written().order_by(Status.id.desc()), one_id)
        self._up = Prepared(lambda: written().order_by(Status.id.asc()), one_id)
        self._wanted: Prepared[Row] = Prepared(
            lambda: wanted().where(in_ids(Status.id, param("ids"))), lambda *row: row
        )

    def page(self, page: Page, beside: Sequence[Row] = (), **values: Any) -> list[Row]:
        """Newest first. `beside` is what the reader has of somewhere else for the same page: it stands among the others.

        What is beyond the last look is for a later page, which begins below (above) the last row of this one: what has not
        been looked at must not be passed over. Only where there is nothing else the nearest of `beside` leads on.
        """
        each = max(min(page.limit, _MOST), _LEAST)
        top, floor, span = page.max_id, page.floor, _FIRST_SPAN_MS
        rows: list[Row] = []
        query = self._up if page.is_upward else self._down
        for _ in range(_MOST_LOOKS):
            part = _part(top, floor, span, from_below=page.is_upward)
            written = query.all(top=part[0], floor=part[1], each=each, **values)
            found = set(self._wanted.all(ids=written, **values)) if written else set()
            is_whole = len(written) < each
            if not is_whole:
                part = (written[-1] + 1, part[1]) if page.is_upward else (part[0], written[-1] - 1)
            found.update(row for row in beside if part[1] < row[0] < part[0])
            rows += sorted(found, reverse=not page.is_upward)
            if len(rows) >= page.limit or part == (top, floor):
                break
            if page.is_upward:
                floor = part[0] - 1
            else:
                top = part[1] + 1
            if is_whole:
                span *= _SPANS_GROW
            else:
                each = min(2 * each, _MOST)
        nearest = beside[-1:] if page.is_upward else beside[:1]
        return sorted(rows[: page.limit] or nearest, reverse=True)


def _part(top: int, floor: int, span_ms: int, *, from_below: bool) -> tuple[int, int]:
    """The same ends, or one of them nearer: what was written between them, from one end on, in so much time."""
    if from_below:
        return min(top, ids.first_id_at(ids.time_of(floor) + span_ms)), floor
    newest = min(ids.time_of(top), clock.now_ms())
    return top, max(floor, ids.first_id_at(max(newest - span_ms, 0)))
