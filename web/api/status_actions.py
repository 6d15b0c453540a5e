"""https://docs.joinmastodon.org/methods/statuses/: what somebody does about a status."""

from collections.abc import Awaitable, Callable
from functools import partial

import msgspec
from aiohttp import web

from node import store
from node.models import Status, Visibility
from node.services.interactions import bookmarks, favourites, pins, reblogs, thread_mutes
from web import params, route
from web.api import status_pages
from web.inputs import person, takes
from web.viewer import Viewer

Handler = Callable[[web.Request, Viewer], Awaitable[web.Response]]


class _Boost(msgspec.Struct):
    visibility: Visibility | None = None


async def reblog(request: web.Request, viewer: Viewer, wish: _Boost) -> web.Response:
    status_id = params.an_id(request)
    boost = await store.write(
        partial(reblogs.add, by=viewer.capacity.by), viewer.account_id, status_id, wish.visibility
    )
    return await status_pages.of_id(viewer.account_id, boost.id)


def _action(work: Callable[[int, int], Status]) -> Handler:
    """Answers with the status that `work` gives: of a boost the boosted one."""

    async def act(request: web.Request, viewer: Viewer) -> web.Response:
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
    route.post("/api/v1/statuses/{id}/reblog", reblog, person("write:statuses"), takes(_Boost)),
    *(
        route.post(f"/api/v1/statuses/{{id}}/{verb}", _action(work), person(scope))
        for verb, (scope, work) in _ACTIONS.items()
    ),
]
