"""Ours, in the manner of GoToSocial's `interaction_requests`: who waits to quote or to answer, and yes or no."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from node import clock, store
from node.errors import NotFound
from node.models import Approval
from node.paging import Page
from node.services.approvals import requests as interaction_requests
from node.services.statuses import view as status_view
from web import pagination, params, responses, route
from web.entities.interaction_request import Entity, interaction_request_entity
from web.errors import NOT_FOUND
from web.inputs import paged, person
from web.viewer import Viewer


async def waiting(request: web.Request, viewer: Viewer, page: Page) -> web.Response:
    ids, entities = await store.point(load, viewer.account_id, page)
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
    entities = entities_of(account_id, [interaction_requests.get(account_id, request_id)])
    if not entities:  # what it is about went a moment ago
        raise NotFound(NOT_FOUND)
    return entities[0]


def load(account_id: int, page: Page) -> tuple[list[int], list[Entity]]:
    """Ids, by which pages are counted, and entities."""
    rows = interaction_requests.page(account_id, page)
    return [row.id for row in rows], entities_of(account_id, rows)


def entities_of(account_id: int, rows: list[Approval]) -> list[Entity]:
    ids = [i for row in rows for i in (row.status_id, row.target_id) if i is not None]
    views = status_view.by_id(ids, account_id)
    return [
        interaction_request_entity(row, views[row.status_id], views[row.target_id])
        for row in rows
        if row.status_id in views and row.target_id in views
    ]


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
