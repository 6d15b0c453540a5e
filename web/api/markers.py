"""https://docs.joinmastodon.org/methods/markers/"""

import msgspec
from aiohttp import web

from node import store
from node.models import Marker
from node.services.timelines import markers
from web import params, responses, route
from web.entities.marker import marker_entities
from web.inputs import asks, person, takes
from web.viewer import Viewer


class _Timelines(msgspec.Struct):
    timeline: list[str] = []


class _Read(msgspec.Struct):
    last_read_id: params.Id | None = None


class _Positions(msgspec.Struct):
    home: _Read | None = None
    notifications: _Read | None = None


async def show(request: web.Request, viewer: Viewer, wish: _Timelines) -> web.Response:
    return responses.json(marker_entities(await store.point(markers.get, viewer.account_id, wish.timeline)))


async def save(request: web.Request, viewer: Viewer, wish: _Positions) -> web.Response:
    positions = {
        timeline: read.last_read_id
        for timeline, read in (("home", wish.home), ("notifications", wish.notifications))
        if read is not None and read.last_read_id is not None
    }
    return responses.json(marker_entities(await store.write(_save, viewer.account_id, positions)))


def _save(account_id: int, positions: dict[str, int]) -> list[Marker]:
    return [markers.set_read(account_id, timeline, read) for timeline, read in positions.items()]


ROUTES = [
    route.get("/api/v1/markers", show, person("read:statuses"), asks(_Timelines)),
    route.post("/api/v1/markers", save, person("write:statuses"), takes(_Positions)),
]
