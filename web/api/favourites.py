"""https://docs.joinmastodon.org/methods/favourites/"""

from aiohttp import web

from node.services import timelines
from web import pagination
from web.api import status_pages
from web.viewer import require


async def favourited(request: web.Request) -> web.Response:
    viewer, page = require(request, "read:favourites"), pagination.page(request)
    return await status_pages.of_rows(request, viewer.account_id, timelines.favourites, page=page)


ROUTES = [web.get("/api/v1/favourites", favourited)]
