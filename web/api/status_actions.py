"""https://docs.joinmastodon.org/methods/statuses/: what somebody does about a status."""

from collections.abc import Awaitable, Callable

import msgspec
from aiohttp import web

from node import store
from node.models import Status, Visibility
from node.services.interactions import bookmarks, favourites, pins, reblogs, thread_mutes
from web import params
from web.api import status_pages
from web.viewer import require

Handler = Callable[[web.Request], Awaitable[web.Response]]


class _Boost(msgspec.Struct):
    visibility: Visibility | None = None


async def reblog(request: web.Request) -> web.Response:
    viewer, status_id = require(request, "write:statuses"), params.an_id(request)
    wish = await params.read(request, _Boost)
    boost = await store.write(reblogs.add, viewer.account_id, status_id, wish.visibility)
    return await status_pages.of_id(viewer.account_id, boost.id)


def _action(scope: str, work: Callable[[int, int], Status]) -> Handler:
    """Answers with the status that `work` gives: of a boost the boosted one."""

    async def act(request: web.Request) -> web.Response:
        viewer = require(request, scope)
        status = await store.write(work, viewer.account_id, params.an_id(request))
        return await status_pages.of_id(viewer.account_id, status.id)

    return act


_ACTIONS: dict[str, tuple[str, Callable[[int, int], Status]]] = {
    "unreblog": ("write:statuses", reblogs.remove),
    "favourite": ("write:favourites", favourites.add),
    "unfavourite": ("write:favourites", favourites.remove),
    "bookmark": ("write:bookmarks", bookmarks.add),
    "unbookmark": ("write:bookmarks", bookmarks.remove),
    "pin": ("write:accounts", pins.add),
    "unpin": ("write:accounts", pins.remove),
    "mute": ("write:mutes", thread_mutes.add),
    "unmute": ("write:mutes", thread_mutes.remove),
}

ROUTES = [
    web.post("/api/v1/statuses/{id}/reblog", reblog),
    *(web.post(f"/api/v1/statuses/{{id}}/{verb}", _action(*what)) for verb, what in _ACTIONS.items()),
]
