"""https://docs.joinmastodon.org/methods/endorsements/: whom people recommend. Doing so is among the account actions."""

from aiohttp import web

from node import store
from node.services.accounts import endorsements
from node.services.accounts import lookup as account_lookup
from web import pagination, params
from web.api import account_pages
from web.viewer import optional, require

_MOST = 80


async def own(request: web.Request) -> web.Response:
    viewer, page = require(request, "read:accounts"), pagination.page(request, limit=40, most=_MOST)
    return await account_pages.of_rows(request, endorsements.page, viewer.account_id, page=page)


async def of_account(request: web.Request) -> web.Response:
    viewer, page = optional(request, "read:accounts"), pagination.page(request, limit=40, most=_MOST)
    viewer_id, account_id = None if viewer is None else viewer.account_id, params.an_id(request)
    await store.point(account_lookup.visible, viewer_id, account_id)
    return await account_pages.of_rows(request, endorsements.page, account_id, page=page)


ROUTES = [
    web.get("/api/v1/endorsements", own),
    web.get("/api/v1/accounts/{id}/endorsements", of_account),
]
