"""https://docs.joinmastodon.org/methods/domain_blocks/: domains that one person wants to see nothing of."""

import msgspec
from aiohttp import web

from node import store
from node.services.relationships import domain_blocks as account_domain_blocks
from web import pagination, params, responses
from web.viewer import require


class _Domain(msgspec.Struct):
    domain: str = ""


async def blocked(request: web.Request) -> web.Response:
    viewer = require(request, "read:blocks")
    page = pagination.page(request, limit=100, most=200)
    rows = await store.read(account_domain_blocks.page, viewer.account_id, page)
    return pagination.answer(request, [domain for _, domain in rows], [row_id for row_id, _ in rows], page)


async def block(request: web.Request) -> web.Response:
    viewer = require(request, "write:blocks")
    wish = await params.read(request, _Domain)
    await store.write(account_domain_blocks.add, viewer.account_id, wish.domain)
    return responses.empty()


async def unblock(request: web.Request) -> web.Response:
    viewer = require(request, "write:blocks")
    wish = await params.read(request, _Domain)
    await store.write(account_domain_blocks.remove, viewer.account_id, wish.domain)
    return responses.empty()


async def preview(request: web.Request) -> web.Response:
    """What a block would end."""
    viewer = require(request, "read:blocks")
    wish = params.query(request, _Domain)
    following, followers = await store.read(account_domain_blocks.preview, viewer.account_id, wish.domain)
    return responses.json({"following_count": following, "followers_count": followers})


ROUTES = [
    web.get("/api/v1/domain_blocks/preview", preview),
    web.get("/api/v1/domain_blocks", blocked),
    web.post("/api/v1/domain_blocks", block),
    web.delete("/api/v1/domain_blocks", unblock),
]
