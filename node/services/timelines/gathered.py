"""What many authors wrote, straight from their statuses: the home timeline below its feed, and lists.

In three queries, because most of what many write is on no page. The first two read an index alone: over which time so much
was written as a page needs, a day or ever longer ones; and what that was. The third says what of it the reader wants, and
stops at a full page. To ask it of the newest of each author would read 2 000 statuses for twenty, with all that decides
about them.
"""

from collections.abc import Callable, Sequence
from typing import Any

from peewee import JOIN, SQL, Case, Cast, Select, fn

from node import clock, ids
from node.models import Status
from node.models.paged import one_id
from node.paging import Page
from node.store import Prepared, database, in_ids, is_sqlite, param

# For one place of a page five are looked at, or some hundred more than there are places. Where fewer are wanted, a page may
# be short; only where none is, the next are looked at, so that nobody takes it for the end.
_LEAST, _MORE = 100, 400
_MOST_LOOKS = 20
_FIRST_SPAN = ids.first_id_at(clock.DAY)
_SPANS_GROW = 8


Row = tuple[int, int | None]  # the id of a status, and of what it boosts


class Gathered:
    """`links` are the rows that name authors in `author`: those for which `mine` is true.

    `wanted` selects the id of a status and of what it boosts, for those that the reader wants, in no order. Both take
    the parameters that `page` is given.
    """

    def __init__(self, links: Any, author: Any, mine: Callable[[], Any], wanted: Callable[[], Any]) -> None:
        floor, top = param("floor"), param("top")

        def written() -> Any:
            within = (Status.account == author) & (Status.id > floor) & (Status.id < top)
            return links.select(Status.id).join_from(links, Status, on=within).where(mine()).limit(param("each"))

        def how_many(floor: Any, top: Any) -> Any:
            """As far as `each`: nobody needs to know of more."""
            within = (Status.account == author) & (Status.id > floor) & (Status.id < top)
            if is_sqlite():
                some = links.select(Status.id).join_from(links, Status, on=within)
            else:
                # Of each author apart: PostgreSQL cannot know how far apart the ends are, and read all between them.
                of_one = Status.select(Status.id).where(within).limit(param("each")).alias("of_one")
                some = links.select(of_one.c.id).join_from(links, of_one, JOIN.LEFT_LATERAL, on=True)
                some = some.where(of_one.c.id.is_null(False))
            return Select([some.where(mine()).limit(param("each")).alias("some")], [fn.COUNT(SQL("1"))])

        def of_these() -> Any:
            return wanted().where(in_ids(Status.id, param("ids"))).limit(param("most"))

        self._from = Prepared(lambda: _long_enough(how_many, is_upward=False), one_id)
        self._until = Prepared(lambda: _long_enough(how_many, is_upward=True), one_id)
        self._down = Prepared(lambda: written().order_by(Status.id.desc()), one_id)
        self._up = Prepared(lambda: written().order_by(Status.id.asc()), one_id)
        self._newest: Prepared[Row] = Prepared(lambda: of_these().order_by(Status.id.desc()), _row)
        self._oldest: Prepared[Row] = Prepared(lambda: of_these().order_by(Status.id.asc()), _row)

    def page(self, page: Page, beside: Sequence[Row] = (), **values: Any) -> list[Row]:
        """Newest first. `beside` is what the reader has of somewhere else for the same page: it stands among the others.

        What is beyond the last look is for a later page, which begins below (above) the last row of this one: what has not
        been looked at must not be passed over. Only where there is nothing else the nearest of `beside` leads on.
        """
        each = max(page.limit + min(4 * page.limit, _MORE), _LEAST)
        latest = ids.first_id_at(clock.now_ms() + clock.DAY)  # no id is from later
        top, floor = min(page.max_id, latest), page.floor
        for _ in range(_MOST_LOOKS):
            low, high = self._part(floor, top, each, page, values)
            written = (self._up if page.is_upward else self._down).all(floor=low, top=high, each=each, **values)
            if len(written) == each:
                low, high = (low, written[-1] + 1) if page.is_upward else (written[-1] - 1, high)
            wanted = self._oldest if page.is_upward else self._newest
            found = set(wanted.all(ids=written, most=page.limit, **values)) if written else set()
            found.update(row for row in beside if low < row[0] < high)
            if found or (low, high) == (floor, top):
                break
            floor, top = (high - 1, top) if page.is_upward else (floor, low + 1)
        nearest = beside[-1:] if page.is_upward else beside[:1]
        rows = sorted(found, reverse=not page.is_upward)[: page.limit] or nearest
        return sorted(rows, reverse=True)

    def _part(self, floor: int, top: int, each: int, page: Page, values: dict[str, Any]) -> tuple[int, int]:
        """The same ends, or one of them nearer."""
        query = self._until if page.is_upward else self._from
        edge = query.first(floor=floor, top=top, each=each, span=_FIRST_SPAN, **values)
        assert edge is not None  # noqa: S101 - an aggregate has a row
        return (floor, edge) if page.is_upward else (edge, top)


def _long_enough(how_many: Callable[[Any, Any], Any], *, is_upward: bool) -> Any:
    """From one end of the page on, as far as `each` were written, or to the other end."""
    floor, top, each, span = (_whole(param(name)) for name in ("floor", "top", "each", "span"))
    start, end = (floor, top) if is_upward else (top, floor)
    first = Select(columns=[start, span, _whole(0)])
    look = first.cte("look", recursive=True, columns=("edge", "span", "found"))
    further = look.c.edge + look.c.span if is_upward else look.c.edge - look.c.span
    edge = Case(None, [(further < end if is_upward else further > end, further)], end)
    is_left = look.c.edge < end if is_upward else look.c.edge > end
    found = how_many(floor, edge) if is_upward else how_many(edge, top)
    longer = Select([look], [edge, look.c.span * _SPANS_GROW, found]).where((look.c.found < each) & is_left)
    looks = look.union_all(longer)
    last = fn.MAX(looks.c.edge) if is_upward else fn.MIN(looks.c.edge)
    return Select([looks], [last]).with_cte(looks).bind(database)


def _whole(value: Any) -> Any:
    """PostgreSQL has to be told of what kind a column is that is made of a parameter."""
    return Cast(value, "BIGINT")


def _row(*row: Any) -> Row:
    return row
