"""https://docs.joinmastodon.org/methods/bookmarks/"""

from aiohttp import web

from node.paging import Page
from node.services import timelines
from web import route
from web.api import status_pages
from web.inputs import paged, person
from web.viewer import Viewer


async def bookmarked(request: web.Request, viewer: Viewer, page: Page) -> web.Response:
    return await status_pages.of_rows(request, viewer.account_id, timelines.bookmarks, page=page)


ROUTES = [route.get("/api/v1/bookmarks", bookmarked, person("read:bookmarks"), paged())]
