"""https://docs.joinmastodon.org/methods/trends/: what is being talked about."""

from collections.abc import Sequence
from typing import Any

import msgspec
from aiohttp import web

from node import store
from node.services.discovery import tag_usage, trends
from node.services.statuses import card_view
from node.services.statuses import view as status_view
from web import pagination, params, responses, route
from web.api import tags
from web.entities.card import card_entity
from web.entities.status import statuses_json
from web.entities.tag import history_entity
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
        return [entity for _, entity in link_entities(trends.links(limit, offset), viewer_id)]

    entities = await store.read(load)
    return responses.json(entities, headers=pagination.counted_link(request, limit, offset, len(entities)))


def link_entities(card_ids: Sequence[int], viewer_id: int | None) -> list[tuple[int, dict[str, Any]]]:
    """(id of the card, Trends::Link). Inside a unit of work."""
    history, views = tag_usage.of_links(card_ids), card_view.load(card_ids)
    return [
        (card_id, card_entity(views[card_id], viewer_id) | {"history": history_entity(history[card_id])})
        for card_id in card_ids
        if card_id in views
    ]


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
