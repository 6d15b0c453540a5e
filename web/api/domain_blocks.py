"""https://docs.joinmastodon.org/methods/domain_blocks/: domains that one person wants to see nothing of."""

import msgspec
from aiohttp import web

from node import store
from node.paging import Page
from node.services.relationships import domain_blocks as account_domain_blocks
from web import pagination, responses, route
from web.inputs import asks, paged, person, takes
from web.viewer import Viewer


class _Domain(msgspec.Struct):
    domain: str = ""


async def blocked(request: web.Request, viewer: Viewer, page: Page) -> web.Response:
    rows = await store.read(account_domain_blocks.page, viewer.account_id, page)
    return pagination.answer(request, [domain for _, domain in rows], [row_id for row_id, _ in rows], page)


async def block(request: web.Request, viewer: Viewer, wish: _Domain) -> web.Response:
    await store.write(account_domain_blocks.add, viewer.account_id, wish.domain)
    return responses.empty()


async def unblock(request: web.Request, viewer: Viewer, wish: _Domain) -> web.Response:
    await store.write(account_domain_blocks.remove, viewer.account_id, wish.domain)
    return responses.empty()


async def preview(request: web.Request, viewer: Viewer, wish: _Domain) -> web.Response:
    """What a block would end."""
    following, followers = await store.read(account_domain_blocks.preview, viewer.account_id, wish.domain)
    return responses.json({"following_count": following, "followers_count": followers})


ROUTES = [
    route.get("/api/v1/domain_blocks/preview", preview, person("read:blocks"), asks(_Domain)),
    route.get("/api/v1/domain_blocks", blocked, person("read:blocks"), paged(100, 200)),
    route.post("/api/v1/domain_blocks", block, person("write:blocks"), takes(_Domain)),
    route.delete("/api/v1/domain_blocks", unblock, person("write:blocks"), takes(_Domain)),
]
