"""https://docs.joinmastodon.org/methods/blocks/"""

from aiohttp import web

from node.paging import Page
from node.services.relationships import blocks
from web import route
from web.api import account_pages
from web.inputs import paged, person
from web.viewer import Viewer


async def blocked(request: web.Request, viewer: Viewer, page: Page) -> web.Response:
    return await account_pages.of_rows(request, blocks.page, viewer.account_id, page=page)


ROUTES = [route.get("/api/v1/blocks", blocked, person("read:blocks"), paged(40, 80))]
