"""Bookmarks: for the eyes of the one who made them."""

from node import clock
from node.models import Bookmark, Status
from node.models.rows import Insert
from node.services.discovery import search
from node.services.statuses.loading import get_original
from node.store import Prepared, param

_INSERT = Insert(Bookmark, ignore=True)
_DELETE = Prepared(
    lambda: Bookmark.delete().where(Bookmark.account == param("account"), Bookmark.status == param("status")), tuple
)


def add(account_id: int, status_id: int) -> Status:
    """Keep a status that the account may read; twice is once."""
    status = get_original(account_id, status_id)
    if _INSERT.run(account=account_id, status=status.id, created_at=clock.now_ms()) and not status.local:
        search.add_by_id(status.id)
    return status


def remove(account_id: int, status_id: int) -> Status:
    status = get_original(account_id, status_id)
    _DELETE.run(account=account_id, status=status.id)
    return status
