"""https://docs.joinmastodon.org/methods/announcements/"""

from typing import Any

import msgspec
from aiohttp import web

from node import store
from node.services.community import announcements
from web import params, responses
from web.entities.announcement import announcement_entity
from web.viewer import require


class _Choice(msgspec.Struct):
    with_dismissed: bool = False


async def several(request: web.Request) -> web.Response:
    viewer, choice = require(request), params.query(request, _Choice)
    return responses.json(await store.read(_current, viewer.account_id, choice.with_dismissed))


async def dismiss(request: web.Request) -> web.Response:
    viewer = require(request, "write:accounts")
    await store.write(announcements.dismiss, viewer.account_id, params.an_id(request))
    return responses.empty()


async def react(request: web.Request) -> web.Response:
    viewer, name = require(request, "write:favourites"), params.text(request, "name")
    await store.write(announcements.react, viewer.account_id, params.an_id(request), name)
    return responses.empty()


async def unreact(request: web.Request) -> web.Response:
    viewer, name = require(request, "write:favourites"), params.text(request, "name")
    await store.write(announcements.unreact, viewer.account_id, params.an_id(request), name)
    return responses.empty()


def _current(account_id: int, with_dismissed: bool) -> list[dict[str, Any]]:
    return [announcement_entity(view) for view in announcements.current(account_id, unread=not with_dismissed)]


ROUTES = [
    web.get("/api/v1/announcements", several),
    web.post("/api/v1/announcements/{id}/dismiss", dismiss),
    web.put("/api/v1/announcements/{id}/reactions/{name}", react),
    web.delete("/api/v1/announcements/{id}/reactions/{name}", unreact),
]
