"""https://docs.joinmastodon.org/methods/bookmarks/"""

from aiohttp import web

from node.services import timelines
from web import pagination
from web.api import status_pages
from web.viewer import require


async def bookmarked(request: web.Request) -> web.Response:
    viewer, page = require(request, "read:bookmarks"), pagination.page(request)
    return await status_pages.of_rows(request, viewer.account_id, timelines.bookmarks, page=page)


ROUTES = [web.get("/api/v1/bookmarks", bookmarked)]
