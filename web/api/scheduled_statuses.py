"""https://docs.joinmastodon.org/methods/scheduled_statuses/"""

from typing import Any

import msgspec
from aiohttp import web

from node import clock, store
from node.errors import Invalid
from node.paging import Page
from node.services.statuses import scheduled, taken_back
from node.services.statuses.drafts import Draft
from web import pagination, params, responses, route
from web.entities.scheduled_status import scheduled_entities
from web.inputs import paged, person, takes
from web.viewer import Viewer


class _Time(msgspec.Struct):
    scheduled_at: str = ""


async def schedule(account_id: int, draft: Draft, at: str) -> web.Response:
    """The answer to a post with `scheduled_at`: it is no status yet."""
    row = await store.write(scheduled.schedule, account_id, draft, time_of(at))
    return responses.json(await store.read(_one, account_id, row.id))


async def several(request: web.Request, viewer: Viewer, page: Page) -> web.Response:
    ids, entities = await store.read(_page, viewer.account_id, page)
    return pagination.answer(request, entities, ids, page)


async def show(request: web.Request, viewer: Viewer) -> web.Response:
    return responses.json(await store.read(_one, viewer.account_id, params.an_id(request)))


async def reschedule(request: web.Request, viewer: Viewer, wish: _Time) -> web.Response:
    scheduled_id = params.an_id(request)
    if wish.scheduled_at:
        await store.write(scheduled.reschedule, viewer.account_id, scheduled_id, time_of(wish.scheduled_at))
    return responses.json(await store.read(_one, viewer.account_id, scheduled_id))


async def cancel(request: web.Request, viewer: Viewer) -> web.Response:
    await store.write(_cancel, viewer.account_id, params.an_id(request))
    return responses.empty()


def time_of(text: str) -> int:
    """Invalid for what is no time."""
    at = clock.parse_iso(text)
    if at is None:
        raise Invalid("This is not a time, such as 2026-12-24T18:00:00Z.", {"scheduled_at": "is not a time"})
    return at


def _cancel(account_id: int, scheduled_id: int) -> None:
    """An app that edits takes a post back and posts it anew. Of a thread it knows the first post, so that all is kept."""
    if scheduled.draft_of(scheduled.get(account_id, scheduled_id)).then:
        taken_back.as_draft(account_id, scheduled_id)
    else:
        scheduled.cancel(account_id, scheduled_id)


def _one(account_id: int, scheduled_id: int) -> dict[str, Any]:
    return scheduled_entities([scheduled.get(account_id, scheduled_id)])[0]


def _page(account_id: int, page: Page) -> tuple[list[int], list[dict[str, Any]]]:
    rows = scheduled.page(account_id, page)
    return [row.id for row in rows], scheduled_entities(rows)


ROUTES = [
    route.get("/api/v1/scheduled_statuses", several, person("read:statuses"), paged()),
    route.get("/api/v1/scheduled_statuses/{id}", show, person("read:statuses")),
    route.put("/api/v1/scheduled_statuses/{id}", reschedule, person("write:statuses"), takes(_Time)),
    route.delete("/api/v1/scheduled_statuses/{id}", cancel, person("write:statuses")),
]
