"""https://docs.joinmastodon.org/methods/follow_requests/"""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from node import store
from node.paging import Page
from node.services import follows
from web import params, route
from web.api import account_pages
from web.inputs import paged, person
from web.viewer import Viewer


async def waiting(request: web.Request, viewer: Viewer, page: Page) -> web.Response:
    return await account_pages.of_rows(request, follows.requests, viewer.account_id, page=page)


def _answer(work: Callable[[int, int], Any]) -> Callable[[web.Request, Viewer], Awaitable[web.Response]]:
    async def answer(request: web.Request, viewer: Viewer) -> web.Response:
        account_id = params.an_id(request)
        await store.write(work, viewer.account_id, account_id)
        return await account_pages.relationship(viewer.account_id, account_id)

    return answer


ROUTES = [
    route.get("/api/v1/follow_requests", waiting, person("read:follows"), paged(40, 80)),
    route.post("/api/v1/follow_requests/{id}/authorize", _answer(follows.accept), person("write:follows")),
    route.post("/api/v1/follow_requests/{id}/reject", _answer(follows.reject), person("write:follows")),
]
