"""One way of answering with accounts, by id or page by page."""

from collections.abc import Callable, Iterable
from typing import Any

from aiohttp import web

from node import store
from node.paging import Page
from node.services.accounts import view as account_view
from node.services.accounts.view import AccountView
from node.services.relationships import view as relationships
from web import pagination, responses
from web.entities.account import account_entities
from web.entities.relationship import relationship_entity

Rows = list[tuple[int, int]]


async def of_ids(account_ids: Iterable[int]) -> web.Response:
    """Those that exist and may be shown, in this order."""
    return responses.json(account_entities(await store.point(account_view.load, list(account_ids))))


async def of_rows(request: web.Request, find: Callable[..., Rows], *args: Any, page: Page) -> web.Response:
    """A page of `find(*args, page)`, which gives (id of the row, id of the account)."""
    rows, views = await store.read(_load, find, args, page)
    return pagination.answer(request, account_entities(views), [row_id for row_id, _ in rows], page)


async def relationship(viewer_id: int, account_id: int) -> web.Response:
    """How somebody stands to one account, after something was done about it."""
    (view,) = await store.point(relationships.relationships, viewer_id, [account_id])
    return responses.json(relationship_entity(view))


def _load(find: Callable[..., Rows], args: tuple[Any, ...], page: Page) -> tuple[Rows, list[AccountView]]:
    rows = find(*args, page)
    return rows, account_view.load([account_id for _, account_id in rows])
