"""https://docs.joinmastodon.org/methods/trends/: what is being talked about."""

from typing import Any

import msgspec
from aiohttp import web

from node import store
from node.services.discovery import links, trends
from node.services.statuses import view as status_view
from web import pagination, params, responses, route
from web.api import tags
from web.entities.card import link_entity
from web.entities.status import statuses_json
from web.inputs import asks, counted, reader, timeline_reader


class _Wish(msgspec.Struct):
    limit: params.Limit | None = None


async def of_tags(request: web.Request, viewer_id: int | None, wish: _Wish, offset: int) -> web.Response:
    limit = _limit(wish, 10, 20)

    def load() -> list[dict[str, Any]]:
        return tags.entities_of(trends.tags(limit, offset), viewer_id)

    entities = await store.read(load)
    return responses.json(entities, headers=pagination.counted_link(request, limit, offset, len(entities)))


async def of_statuses(request: web.Request, viewer_id: int | None, wish: _Wish, offset: int) -> web.Response:
    limit = _limit(wish, 20, 40)

    def load() -> tuple[int, bytes]:
        ids = trends.statuses(viewer_id, limit, offset)
        return len(ids), statuses_json(status_view.load(ids, viewer_id))

    count, body = await store.read(load)
    return responses.raw_json(body, headers=pagination.counted_link(request, limit, offset, count))


async def of_links(request: web.Request, viewer_id: int | None, wish: _Wish, offset: int) -> web.Response:
    limit = _limit(wish, 10, 20)

    def load() -> list[dict[str, Any]]:
        return [link_entity(one, viewer_id) for one in links.load(trends.links(limit, offset))]

    entities = await store.read(load)
    return responses.json(entities, headers=pagination.counted_link(request, limit, offset, len(entities)))


def _limit(wish: _Wish, usual: int, most: int) -> int:
    return usual if wish.limit is None else max(1, min(wish.limit, most))


ROUTES = [
    route.get(
        "/api/v1/trends", of_tags, reader("read"), asks(_Wish), counted, since="2022-03-30"
    ),  # as it was before links and statuses could trend
    route.get("/api/v1/trends/tags", of_tags, reader("read"), asks(_Wish), counted),
    route.get("/api/v1/trends/statuses", of_statuses, timeline_reader, asks(_Wish), counted),
    route.get("/api/v1/trends/links", of_links, reader("read"), asks(_Wish), counted),
]
