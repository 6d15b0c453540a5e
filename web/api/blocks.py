"""https://docs.joinmastodon.org/methods/blocks/"""

from aiohttp import web

from node.services.relationships import blocks
from web import pagination
from web.api import account_pages
from web.viewer import require


async def blocked(request: web.Request) -> web.Response:
    viewer = require(request, "read:blocks")
    page = pagination.page(request, limit=40, most=80)
    return await account_pages.of_rows(request, blocks.page, viewer.account_id, page=page)


ROUTES = [web.get("/api/v1/blocks", blocked)]
