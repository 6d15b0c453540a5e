"""https://docs.joinmastodon.org/methods/admin/trends/: the staff looks at what may become a trend, and decides."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from node import store
from node.errors import NotFound
from node.models import Account, Tag, TrendKind
from node.services.discovery import links, trend_review, trends
from node.services.discovery.trends import Candidate
from node.services.statuses import view as status_view
from node.store import in_ids
from web import params, responses, route
from web.api import tags
from web.api.admin import staff
from web.entities.card import link_entity
from web.entities.status import status_entity
from web.entities.tag import number_of
from web.errors import NOT_FOUND
from web.inputs import moderator
from web.viewer import Viewer

Handler = Callable[[web.Request, Viewer], Awaitable[web.StreamResponse]]
Entity = dict[str, Any]


def tag_entities(rows: list[Tag], viewer_id: int) -> list[Entity]:
    """Admin::Tag."""
    pairs = zip(rows, tags.entities_of(rows, viewer_id), strict=True)
    return [entity | {"usable": True, "listable": True} | _decided(TrendKind.TAG, tag.key) for tag, entity in pairs]


def _tags(found: list[Candidate], viewer_id: int) -> list[Entity]:
    rows = {row.id: row for row in Tag.select().where(in_ids(Tag.id, [one.id for one in found]))}
    return tag_entities([rows[one.id] for one in found if one.id in rows], viewer_id)


def _statuses(found: list[Candidate], viewer_id: int) -> list[Entity]:
    return [status_entity(view) for view in status_view.load([one.id for one in found], viewer_id)]


def _links(found: list[Candidate], viewer_id: int) -> list[Entity]:
    views = links.load([one.id for one in found])
    return [link_entity(view, viewer_id) | {"id": str(view.card.card.id)} for view in views]


_ENTITIES: dict[TrendKind, Callable[[list[Candidate], int], list[Entity]]] = {
    TrendKind.TAG: _tags,
    TrendKind.STATUS: _statuses,
    TrendKind.LINK: _links,
}


def _number(kind: TrendKind, one: Candidate) -> str:
    """Its id in the API."""
    return number_of(one.key) if kind is TrendKind.TAG else str(one.id)


def _entities(kind: TrendKind, found: list[Candidate], viewer_id: int) -> list[Entity]:
    keys = {_number(kind, one): one.key for one in found}
    return [entity | _decided(kind, keys[entity["id"]]) for entity in _ENTITIES[kind](found, viewer_id)]


def _decided(kind: TrendKind, key: str) -> Entity:
    decision = trend_review.decision(kind, key)
    return {"trendable": trend_review.is_shown(kind, key), "requires_review": decision is None}


def _all(kind: TrendKind) -> Handler:
    async def show(request: web.Request, viewer: Viewer) -> web.Response:
        return responses.json(await store.read(lambda: _entities(kind, trends.candidates(kind), viewer.account_id)))

    return show


def _decide(kind: TrendKind, *, allowed: bool) -> Handler:
    async def decide(request: web.Request, viewer: Viewer) -> web.Response:
        return responses.json(await staff.write(viewer, _apply, kind, params.text(request, "id"), allowed))

    return decide


def _apply(kind: TrendKind, number: str, allowed: bool, by: Account) -> Entity:
    found = [one for one in trends.candidates(kind) if _number(kind, one) == number]
    if not found:
        raise NotFound(NOT_FOUND)
    trend_review.decide(kind, found[0].key, allowed, by)
    entities = _entities(kind, found, by.id)
    return entities[0] if entities else {}


_PATHS = {"tags": TrendKind.TAG, "statuses": TrendKind.STATUS, "links": TrendKind.LINK}

ROUTES = [
    *(
        route.get(f"/api/v1/admin/trends/{name}", _all(kind), moderator("admin:read"))
        for name, kind in _PATHS.items()
    ),
    *(
        route.post(
            f"/api/v1/admin/trends/{name}/{{id}}/{verb}",
            _decide(kind, allowed=verb == "approve"),
            moderator("admin:write"),
        )
        for name, kind in _PATHS.items()
        for verb in ("approve", "reject")
    ),
]
