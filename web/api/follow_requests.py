"""https://docs.joinmastodon.org/methods/follow_requests/"""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from node import store
from node.services import follows
from web import pagination, params
from web.api import account_pages
from web.viewer import require


async def waiting(request: web.Request) -> web.Response:
    viewer = require(request, "read:follows")
    page = pagination.page(request, limit=40, most=80)
    return await account_pages.of_rows(request, follows.requests, viewer.account_id, page=page)


def _answer(work: Callable[[int, int], Any]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        viewer, account_id = require(request, "write:follows"), params.an_id(request)
        await store.write(work, viewer.account_id, account_id)
        return await account_pages.relationship(viewer.account_id, account_id)

    return answer


ROUTES = [
    web.get("/api/v1/follow_requests", waiting),
    web.post("/api/v1/follow_requests/{id}/authorize", _answer(follows.accept)),
    web.post("/api/v1/follow_requests/{id}/reject", _answer(follows.reject)),
]
