"""Ours, in the manner of GoToSocial's `interaction_requests`: who waits to quote or to answer, and yes or no."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from node import clock, store
from node.models import Approval
from node.paging import Page
from node.services.approvals import request_view
from node.services.approvals import requests as interaction_requests
from web import pagination, params, responses, route
from web.entities.interaction_request import Entity, interaction_request_entity
from web.inputs import paged, person
from web.viewer import Viewer


async def waiting(request: web.Request, viewer: Viewer, page: Page) -> web.Response:
    ids, entities = await store.point(_page, viewer.account_id, page)
    return pagination.answer(request, entities, ids, page)


async def show(request: web.Request, viewer: Viewer) -> web.Response:
    return responses.json(await store.point(_one, viewer.account_id, params.an_id(request)))


def _decide(
    work: Callable[[int, int], Approval], when: str
) -> Callable[[web.Request, Viewer], Awaitable[web.Response]]:
    """Answers with the request as it was, and `when` it was decided."""

    def decided(account_id: int, request_id: int) -> Entity:
        entity = _one(account_id, request_id)
        work(account_id, request_id)
        return entity | {when: clock.iso(clock.now_ms())}

    async def decide(request: web.Request, viewer: Viewer) -> web.Response:
        return responses.json(await store.write(decided, viewer.account_id, params.an_id(request)))

    return decide


def _one(account_id: int, request_id: int) -> Entity:
    return interaction_request_entity(request_view.get(account_id, request_id))


def _page(account_id: int, page: Page) -> tuple[list[int], list[Entity]]:
    ids, views = request_view.load(account_id, page)
    return ids, [interaction_request_entity(view) for view in views]


ROUTES = [
    route.get("/api/v1/interaction_requests", waiting, person("read:notifications"), paged(40, 80)),
    route.get("/api/v1/interaction_requests/{id}", show, person("read:notifications")),
    route.post(
        "/api/v1/interaction_requests/{id}/authorize",
        _decide(interaction_requests.authorize, "accepted_at"),
        person("write:notifications"),
    ),
    route.post(
        "/api/v1/interaction_requests/{id}/reject",
        _decide(interaction_requests.reject, "rejected_at"),
        person("write:notifications"),
    ),
]
