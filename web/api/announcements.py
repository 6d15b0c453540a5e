"""https://docs.joinmastodon.org/methods/announcements/"""

from typing import Any

import msgspec
from aiohttp import web

from node import store
from node.services.community import announcements
from web import params, responses, route
from web.entities.announcement import announcement_entity
from web.inputs import asks, person
from web.viewer import Viewer


class _Choice(msgspec.Struct):
    with_dismissed: bool = True  # those that were read say so in `read`, as Mastodon shows them


async def several(request: web.Request, viewer: Viewer, choice: _Choice) -> web.Response:
    return responses.json(await store.read(_current, viewer.account_id, choice.with_dismissed))


async def dismiss(request: web.Request, viewer: Viewer) -> web.Response:
    await store.write(announcements.dismiss, viewer.account_id, params.an_id(request))
    return responses.empty()


async def react(request: web.Request, viewer: Viewer) -> web.Response:
    name = params.text(request, "name")
    await store.write(announcements.react, viewer.account_id, params.an_id(request), name)
    return responses.empty()


async def unreact(request: web.Request, viewer: Viewer) -> web.Response:
    name = params.text(request, "name")
    await store.write(announcements.unreact, viewer.account_id, params.an_id(request), name)
    return responses.empty()


def _current(account_id: int, with_dismissed: bool) -> list[dict[str, Any]]:
    return [announcement_entity(view) for view in announcements.current(account_id, unread=not with_dismissed)]


ROUTES = [
    route.get("/api/v1/announcements", several, person(), asks(_Choice)),
    route.post("/api/v1/announcements/{id}/dismiss", dismiss, person("write:accounts")),
    route.put("/api/v1/announcements/{id}/reactions/{name}", react, person("write:favourites")),
    route.delete("/api/v1/announcements/{id}/reactions/{name}", unreact, person("write:favourites")),
]
