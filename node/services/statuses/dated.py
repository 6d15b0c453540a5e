"""The row of a status that was written some time ago, under an id of that time."""

from collections.abc import Callable
from typing import Any

from node import ids
from node.models import Status
from node.models.rows import Insert

_INSERT = Insert(Status, ignore_on=(Status.id,))


def insert(written_at: int, columns: Callable[[int], dict[str, Any]]) -> Status:
    """`columns` of the first id that is free of those drawn; unix milliseconds."""
    drawn = ids.drawn_at(written_at)
    while True:
        status_id = next(drawn)
        status: Status | None = _INSERT.make(columns(status_id) | {"id": status_id})
        if status is not None:
            return status
