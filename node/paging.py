"""Which part of a long list is asked for: the client API's `max_id`, `since_id`, `min_id` and `limit`."""

from dataclasses import dataclass
from typing import Any

LARGEST_ID = (1 << 63) - 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """Older than `max_id`, newer than `since_id`, newest first; with `min_id` the page right above that id."""

    limit: int = 20
    max_id: int = LARGEST_ID
    since_id: int = 0
    min_id: int | None = None

    @property
    def floor(self) -> int:
        return max(self.since_id, self.min_id or 0)

    @property
    def is_upward(self) -> bool:
        """The page that continues above `min_id`, not the newest one."""
        return self.min_id is not None

    def of(self, query: Any, column: Any) -> list[Any]:
        """Run `query` for this page by `column`, newest first in any case."""
        query = query.where((column < self.max_id) & (column > self.floor)).limit(self.limit)
        if self.is_upward:
            return list(query.order_by(column.asc()))[::-1]
        return list(query.order_by(column.desc()))
