"""https://docs.joinmastodon.org/methods/polls/"""

import msgspec
from aiohttp import web

from node import store
from node.services.interactions import polls
from node.services.statuses import view as status_view
from node.services.statuses.view import StatusView
from web import params, responses
from web.api.status_pages import reader_id
from web.entities.poll import poll_entity
from web.viewer import require


class _Vote(msgspec.Struct):
    choices: list[params.Count] = []


async def show(request: web.Request) -> web.Response:
    return responses.json(poll_entity(await store.point(_of_poll, reader_id(request), params.an_id(request))))


async def vote(request: web.Request) -> web.Response:
    viewer, poll_id = require(request, "write:statuses"), params.an_id(request)
    wish = await params.read(request, _Vote)
    await store.write(polls.vote, viewer.account_id, poll_id, wish.choices)
    return responses.json(poll_entity(await store.point(_of_poll, viewer.account_id, poll_id)))


def _of_poll(viewer_id: int | None, poll_id: int) -> StatusView:
    return status_view.one(viewer_id, polls.get(viewer_id, poll_id).status_id)


ROUTES = [
    web.get("/api/v1/polls/{id}", show),
    web.post("/api/v1/polls/{id}/votes", vote),
]
