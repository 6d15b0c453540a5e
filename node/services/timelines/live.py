"""What a live event is to one reader: the statuses of streams that were not made for this reader alone."""

from typing import Any

import peewee

from node import clock
from node.models import Account, Status
from node.models.access import unwanted
from node.models.paged import one_id
from node.services.statuses.loading import visible_with_original
from node.store import Prepared, param

# The detail of an event about what does not leave the node, when there is no row any more to ask.
MEMBERS = "members"


def _wanted() -> Any:
    """Readable, and neither its author nor that of what it boosts is muted or blocked."""
    viewer, now = param("viewer"), param("now")
    original, author = Status.alias(), Account.alias()
    return (
        visible_with_original(Status.select(Status.id), viewer)
        .join_from(Status, original, peewee.JOIN.LEFT_OUTER, on=(original.id == Status.reblog_of))
        .join_from(original, author, peewee.JOIN.LEFT_OUTER, on=(author.id == original.account))
        .where(
            Status.id == param("id"),
            (Status.account == viewer) | ~unwanted(Account, viewer, now),
            Status.reblog_of.is_null() | (original.account == viewer) | ~unwanted(author, viewer, now),
        )
    )


_WANTED = Prepared(_wanted, one_id)


def is_wanted(viewer_id: int | None, status_id: int) -> bool:
    """Whether a status of a public, hashtag or list stream is for this reader's eyes."""
    return _WANTED.first(viewer=viewer_id or 0, id=status_id, now=clock.now_ms()) is not None
