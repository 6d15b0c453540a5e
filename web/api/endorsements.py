"""https://docs.joinmastodon.org/methods/endorsements/: whom people recommend. Doing so is among the account actions."""

from aiohttp import web

from node import store
from node.paging import Page
from node.services.accounts import endorsements
from node.services.accounts import lookup as account_lookup
from web import params, route
from web.api import account_pages
from web.inputs import paged, person, reader
from web.viewer import Viewer

_MOST = 80


async def own(request: web.Request, viewer: Viewer, page: Page) -> web.Response:
    return await account_pages.of_rows(request, endorsements.page, viewer.account_id, page=page)


async def of_account(request: web.Request, viewer_id: int | None, page: Page) -> web.Response:
    viewer_id, account_id = viewer_id, params.an_id(request)
    await store.point(account_lookup.visible, viewer_id, account_id)
    return await account_pages.of_rows(request, endorsements.page, account_id, page=page)


ROUTES = [
    route.get("/api/v1/endorsements", own, person("read:accounts"), paged(40, _MOST)),
    route.get("/api/v1/accounts/{id}/endorsements", of_account, reader("read:accounts"), paged(40, _MOST)),
]
