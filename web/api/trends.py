"""https://docs.joinmastodon.org/methods/trends/: what is being talked about."""

from collections.abc import Sequence
from typing import Any

import msgspec
from aiohttp import web

from node import site, store
from node.services.accounts import view as account_view
from node.services.discovery import tag_usage, trends
from node.services.discovery.tag_usage import Day
from node.services.statuses import cards
from node.services.statuses import view as status_view
from node.services.statuses.bodies import CardView
from web import pagination, params, responses
from web.api import tags
from web.api.timelines import visitor_or_reader
from web.entities.card import card_entity
from web.entities.status import statuses_json
from web.entities.tag import history_entity
from web.viewer import optional


class _Wish(msgspec.Struct):
    limit: params.Count | None = None


async def of_tags(request: web.Request) -> web.Response:
    viewer = optional(request, "read")
    limit, offset = _part(request, 10, 20)

    def load() -> list[dict[str, Any]]:
        return tags.entities_of(trends.tags(limit, offset), None if viewer is None else viewer.account_id)

    entities = await store.read(load)
    return responses.json(entities, headers=_more(request, limit, offset, len(entities)))


async def of_statuses(request: web.Request) -> web.Response:
    viewer_id = await visitor_or_reader(request)
    limit, offset = _part(request, 20, 40)

    def load() -> tuple[int, bytes]:
        ids = trends.statuses(viewer_id, limit, offset)
        return len(ids), statuses_json(status_view.load(ids, viewer_id))

    count, body = await store.read(load)
    return responses.raw_json(body, headers=_more(request, limit, offset, count))


async def of_links(request: web.Request) -> web.Response:
    optional(request, "read")
    limit, offset = _part(request, 10, 20)

    def load() -> list[dict[str, Any]]:
        return [entity for _, entity in link_entities(trends.links(limit, offset))]

    entities = await store.read(load)
    return responses.json(entities, headers=_more(request, limit, offset, len(entities)))


def link_entities(card_ids: Sequence[int]) -> list[tuple[int, dict[str, Any]]]:
    """(id of the card, Trends::Link). Inside a unit of work."""
    history, rows = tag_usage.of_links(card_ids), cards.of_ids(card_ids)
    named = [row.author_id for row in rows.values() if row.author_id is not None]
    authors = {view.account.id: view for view in account_view.load(named)}
    return [
        (card_id, _link_entity(CardView(rows[card_id], authors.get(rows[card_id].author_id or 0)), history[card_id]))
        for card_id in card_ids
        if card_id in rows
    ]


def _link_entity(view: CardView, history: list[Day]) -> dict[str, Any]:
    return card_entity(view) | {"history": history_entity(history)}


def _part(request: web.Request, usual: int, most: int) -> tuple[int, int]:
    limit = params.query(request, _Wish).limit
    return usual if limit is None else max(1, min(limit, most)), pagination.offset(request)


def _more(request: web.Request, limit: int, offset: int, count: int) -> dict[str, str]:
    """Trends are counted, not walked through by id."""
    if count < limit:
        return {}
    address = f"{site.base_url}{request.rel_url.raw_path}?limit={limit}&offset={offset + limit}"
    return {"Link": f'<{address}>; rel="next"'}


ROUTES = [
    web.get("/api/v1/trends", of_tags),  # as it was before links and statuses could trend
    web.get("/api/v1/trends/tags", of_tags),
    web.get("/api/v1/trends/statuses", of_statuses),
    web.get("/api/v1/trends/links", of_links),
]
