"""What somebody favourited or bookmarked, the latest kept first."""

from typing import Any

from node.models import Account, Bookmark, Favourite, Status
from node.models.access import visible
from node.models.paged import Paged
from node.paging import Page
from node.store import param

_Row = tuple[int, int]


def _row(row_id: Any, status_id: Any) -> _Row:
    return int(row_id), int(status_id)


def _kept(model: Any) -> Paged[_Row]:
    def build() -> Any:
        return (
            model.select(model.id, model.status)
            .join_from(model, Status, on=(Status.id == model.status))
            .join_from(Status, Account, on=(Account.id == Status.account))
            .where(model.account == param("account"), visible(Status, Account, param("account")))
        )

    return Paged(build, model.id, _row)


_FAVOURITES, _BOOKMARKS = _kept(Favourite), _kept(Bookmark)


def favourites(account_id: int, page: Page) -> list[_Row]:
    """(row id, status id) of what the account favourited; pages are counted by row ids."""
    return _FAVOURITES.page(page, account=account_id)


def bookmarks(account_id: int, page: Page) -> list[_Row]:
    """(row id, status id) of what the account keeps; pages are counted by row ids."""
    return _BOOKMARKS.page(page, account=account_id)
