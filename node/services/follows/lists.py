"""Who follows whom, page by page: (id of the row, id of the account), the latest first."""

from typing import Any

from peewee import fn

from node.models import Account, ActorKind, Follow, FollowRequest
from node.models.access import present
from node.models.paged import Paged, one_id
from node.paging import Page
from node.store import Prepared, param


def _pair(row_id: int, account_id: int) -> tuple[int, int]:
    return row_id, account_id


def _listed(model: Any, shown: Any, mine: Any) -> Any:
    return (
        model.select(model.id, shown)
        .join(Account, on=(Account.id == shown))
        .where(mine == param("account"), present(Account))
    )


# The node's own actor, which follows for lists, is nobody.
_FOLLOWERS = Paged(
    lambda: _listed(Follow, Follow.account, Follow.target).where(
        (Account.domain != "") | (Account.kind != ActorKind.APPLICATION)
    ),
    Follow.id,
    _pair,
)
_FOLLOWING = Paged(lambda: _listed(Follow, Follow.target, Follow.account), Follow.id, _pair)
_REQUESTS = Paged(
    lambda: _listed(FollowRequest, FollowRequest.account, FollowRequest.target), FollowRequest.id, _pair
)

_COUNT = Prepared(
    lambda: FollowRequest.select(fn.COUNT(FollowRequest.id)).where(FollowRequest.target == param("account")), one_id
)


def followers(account_id: int, page: Page) -> list[tuple[int, int]]:
    return _FOLLOWERS.page(page, account=account_id)


def following(account_id: int, page: Page) -> list[tuple[int, int]]:
    return _FOLLOWING.page(page, account=account_id)


def requests(account_id: int, page: Page) -> list[tuple[int, int]]:
    """Who waits for the answer of `account_id`."""
    return _REQUESTS.page(page, account=account_id)


def requests_count(account_id: int) -> int:
    return _COUNT.first(account=account_id) or 0
