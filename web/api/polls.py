"""https://docs.joinmastodon.org/methods/polls/"""

import msgspec
from aiohttp import web

from node import store
from node.services.interactions import polls
from node.services.statuses import view as status_view
from node.services.statuses.view import StatusView
from web import params, responses, route
from web.entities.poll import poll_entity
from web.inputs import person, reader, takes
from web.viewer import Viewer


class _Vote(msgspec.Struct):
    choices: list[params.Count] = []


async def show(request: web.Request, viewer_id: int | None) -> web.Response:
    return responses.json(poll_entity(await store.point(_of_poll, viewer_id, params.an_id(request))))


async def vote(request: web.Request, viewer: Viewer, wish: _Vote) -> web.Response:
    poll_id = params.an_id(request)
    await store.write(polls.vote, viewer.account_id, poll_id, wish.choices)
    return responses.json(poll_entity(await store.point(_of_poll, viewer.account_id, poll_id)))


def _of_poll(viewer_id: int | None, poll_id: int) -> StatusView:
    return status_view.one(viewer_id, polls.get(viewer_id, poll_id).status_id)


ROUTES = [
    route.get("/api/v1/polls/{id}", show, reader("read:statuses")),
    route.post("/api/v1/polls/{id}/votes", vote, person("write:statuses"), takes(_Vote)),
]
