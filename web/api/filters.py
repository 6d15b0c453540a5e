"""https://docs.joinmastodon.org/methods/filters/, the second version."""

import msgspec
from aiohttp import web

from node import store
from node.services.filters import changes as filters
from node.services.filters.changes import KeywordChange, Terms
from web import params, responses, route
from web.entities.filter import filter_entity, filter_status_entity, keyword_entity
from web.inputs import person, takes
from web.viewer import Viewer

_READ, _WRITE = "read:filters", "write:filters"


class _Keyword(msgspec.Struct):
    keyword: str | None = None
    whole_word: bool | None = None
    id: params.Id | None = None
    destroy: bool = msgspec.field(default=False, name="_destroy")


class _Filter(msgspec.Struct):
    title: str | None = None
    context: list[str] | None = None
    filter_action: str | None = None
    expires_in: params.Count | None = None
    keywords_attributes: list[_Keyword] = []


class _Status(msgspec.Struct):
    status_id: params.Id


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    return responses.json([filter_entity(view) for view in await store.point(filters.of_account, viewer.account_id)])


async def create(request: web.Request, viewer: Viewer, wish: _Filter) -> web.Response:
    view = await store.write(filters.create, viewer.account_id, *await _wish(request, wish))
    return responses.json(filter_entity(view))


async def show(request: web.Request, viewer: Viewer) -> web.Response:
    return responses.json(filter_entity(await store.point(filters.get, viewer.account_id, params.an_id(request))))


async def update(request: web.Request, viewer: Viewer, wish: _Filter) -> web.Response:
    filter_id = params.an_id(request)
    view = await store.write(filters.update, viewer.account_id, filter_id, *await _wish(request, wish))
    return responses.json(filter_entity(view))


async def delete(request: web.Request, viewer: Viewer) -> web.Response:
    await store.write(filters.delete, viewer.account_id, params.an_id(request))
    return responses.empty()


async def keywords(request: web.Request, viewer: Viewer) -> web.Response:
    view = await store.point(filters.get, viewer.account_id, params.an_id(request))
    return responses.json([keyword_entity(row) for row in view.keywords])


async def add_keyword(request: web.Request, viewer: Viewer, wish: _Keyword) -> web.Response:
    filter_id = params.an_id(request)
    row = await store.write(
        filters.add_keyword,
        viewer.account_id,
        filter_id,
        wish.keyword or "",
        whole_word=wish.whole_word is not False,
    )
    return responses.json(keyword_entity(row))


async def keyword(request: web.Request, viewer: Viewer) -> web.Response:
    row = await store.point(filters.keyword, viewer.account_id, params.an_id(request))
    return responses.json(keyword_entity(row))


async def change_keyword(request: web.Request, viewer: Viewer, wish: _Keyword) -> web.Response:
    keyword_id = params.an_id(request)
    row = await store.write(filters.change_keyword, viewer.account_id, keyword_id, wish.keyword, wish.whole_word)
    return responses.json(keyword_entity(row))


async def remove_keyword(request: web.Request, viewer: Viewer) -> web.Response:
    await store.write(filters.remove_keyword, viewer.account_id, params.an_id(request))
    return responses.empty()


async def statuses(request: web.Request, viewer: Viewer) -> web.Response:
    view = await store.point(filters.get, viewer.account_id, params.an_id(request))
    return responses.json([filter_status_entity(row) for row in view.statuses])


async def add_status(request: web.Request, viewer: Viewer, wish: _Status) -> web.Response:
    filter_id = params.an_id(request)
    row = await store.write(filters.add_status, viewer.account_id, filter_id, wish.status_id)
    return responses.json(filter_status_entity(row))


async def status(request: web.Request, viewer: Viewer) -> web.Response:
    row = await store.point(filters.status, viewer.account_id, params.an_id(request))
    return responses.json(filter_status_entity(row))


async def remove_status(request: web.Request, viewer: Viewer) -> web.Response:
    row = await store.write(filters.remove_status, viewer.account_id, params.an_id(request))
    return responses.json(filter_status_entity(row))


async def _wish(request: web.Request, wish: _Filter) -> tuple[Terms, list[KeywordChange]]:
    terms = Terms(
        title=wish.title,
        contexts=wish.context,
        action=wish.filter_action,
        expires_in=await expiry(request, wish.expires_in),
    )
    changes = [
        KeywordChange(keyword=one.keyword, whole_word=one.whole_word, id=one.id, is_removed=one.destroy)
        for one in wish.keywords_attributes
    ]
    return terms, changes


async def expiry(request: web.Request, seconds: int | None) -> int | msgspec.UnsetType | None:
    """Sent without a value it says never; left out, that nothing changes."""
    return seconds if "expires_in" in await params.tree(request) else msgspec.UNSET


_BASE = "/api/v2/filters"

ROUTES = [
    route.get(_BASE, page, person(_READ)),
    route.post(_BASE, create, person(_WRITE), takes(_Filter)),
    route.get(f"{_BASE}/keywords/{{id}}", keyword, person(_READ)),
    route.put(f"{_BASE}/keywords/{{id}}", change_keyword, person(_WRITE), takes(_Keyword)),
    route.delete(f"{_BASE}/keywords/{{id}}", remove_keyword, person(_WRITE)),
    route.get(f"{_BASE}/statuses/{{id}}", status, person(_READ)),
    route.delete(f"{_BASE}/statuses/{{id}}", remove_status, person(_WRITE)),
    route.get(f"{_BASE}/{{id}}", show, person(_READ)),
    route.put(f"{_BASE}/{{id}}", update, person(_WRITE), takes(_Filter)),
    route.delete(f"{_BASE}/{{id}}", delete, person(_WRITE)),
    route.get(f"{_BASE}/{{id}}/keywords", keywords, person(_READ)),
    route.post(f"{_BASE}/{{id}}/keywords", add_keyword, person(_WRITE), takes(_Keyword)),
    route.get(f"{_BASE}/{{id}}/statuses", statuses, person(_READ)),
    route.post(f"{_BASE}/{{id}}/statuses", add_status, person(_WRITE), takes(_Status)),
]
