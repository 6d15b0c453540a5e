"""Prepared queries that are read page by page, downwards and upwards."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Generic, TypeVar

from node.paging import Page
from node.store import Prepared, param

T = TypeVar("T")


class Paged(Generic[T]):
    """`build` gives the query without its page; `column` is the id that pages are counted by.

    The query is built twice, because the page above `min_id` is read in ascending order.
    """

    def __init__(self, build: Callable[[], Any], column: Callable[[], Any] | Any, into: Callable[..., T]) -> None:
        def ordered(descending: bool) -> Any:
            key = column() if callable(column) else column
            query = build().where((key < param("max_id")) & (key > param("floor"))).limit(param("limit"))
            return query.order_by(key.desc() if descending else key.asc())

        self._down: Prepared[T] = Prepared(lambda: ordered(True), into)
        self._up: Prepared[T] = Prepared(lambda: ordered(False), into)

    def page(self, page: Page, **values: Any) -> list[T]:
        """Newest first in any case."""
        query = self._up if page.is_upward else self._down
        rows = query.all(max_id=page.max_id, floor=page.floor, limit=page.limit, **values)
        return rows[::-1] if page.is_upward else rows

    def walk(self, page: Page, **values: Any) -> AbstractContextManager[Iterator[tuple[Any, ...]]]:
        """The columns of the same downwards, row by row, for whoever may stop before the end of the page."""
        return self._down.walk(max_id=page.max_id, floor=page.floor, limit=page.limit, **values)


def one_id(value: Any) -> int:
    """`into` of queries that select an id alone."""
    return int(value)
