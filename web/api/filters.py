"""https://docs.joinmastodon.org/methods/filters/, the second version."""

import msgspec
from aiohttp import web

from node import store
from node.services.filters import changes as filters
from node.services.filters.changes import KeywordChange, Terms
from web import params, responses
from web.entities.filter import filter_entity, filter_status_entity, keyword_entity
from web.viewer import require

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


async def page(request: web.Request) -> web.Response:
    viewer = require(request, _READ)
    return responses.json([filter_entity(view) for view in await store.point(filters.of_account, viewer.account_id)])


async def create(request: web.Request) -> web.Response:
    viewer = require(request, _WRITE)
    view = await store.write(filters.create, viewer.account_id, *await _wish(request))
    return responses.json(filter_entity(view))


async def show(request: web.Request) -> web.Response:
    viewer = require(request, _READ)
    return responses.json(filter_entity(await store.point(filters.get, viewer.account_id, params.an_id(request))))


async def update(request: web.Request) -> web.Response:
    viewer, filter_id = require(request, _WRITE), params.an_id(request)
    view = await store.write(filters.update, viewer.account_id, filter_id, *await _wish(request))
    return responses.json(filter_entity(view))


async def delete(request: web.Request) -> web.Response:
    viewer = require(request, _WRITE)
    await store.write(filters.delete, viewer.account_id, params.an_id(request))
    return responses.empty()


async def keywords(request: web.Request) -> web.Response:
    viewer = require(request, _READ)
    view = await store.point(filters.get, viewer.account_id, params.an_id(request))
    return responses.json([keyword_entity(row) for row in view.keywords])


async def add_keyword(request: web.Request) -> web.Response:
    viewer, filter_id = require(request, _WRITE), params.an_id(request)
    wish = await params.read(request, _Keyword)
    row = await store.write(
        filters.add_keyword,
        viewer.account_id,
        filter_id,
        wish.keyword or "",
        whole_word=wish.whole_word is not False,
    )
    return responses.json(keyword_entity(row))


async def keyword(request: web.Request) -> web.Response:
    viewer = require(request, _READ)
    row = await store.point(filters.keyword, viewer.account_id, params.an_id(request))
    return responses.json(keyword_entity(row))


async def change_keyword(request: web.Request) -> web.Response:
    viewer, keyword_id = require(request, _WRITE), params.an_id(request)
    wish = await params.read(request, _Keyword)
    row = await store.write(filters.change_keyword, viewer.account_id, keyword_id, wish.keyword, wish.whole_word)
    return responses.json(keyword_entity(row))


async def remove_keyword(request: web.Request) -> web.Response:
    viewer = require(request, _WRITE)
    await store.write(filters.remove_keyword, viewer.account_id, params.an_id(request))
    return responses.empty()


async def statuses(request: web.Request) -> web.Response:
    viewer = require(request, _READ)
    view = await store.point(filters.get, viewer.account_id, params.an_id(request))
    return responses.json([filter_status_entity(row) for row in view.statuses])


async def add_status(request: web.Request) -> web.Response:
    viewer, filter_id = require(request, _WRITE), params.an_id(request)
    wish = await params.read(request, _Status)
    row = await store.write(filters.add_status, viewer.account_id, filter_id, wish.status_id)
    return responses.json(filter_status_entity(row))


async def status(request: web.Request) -> web.Response:
    viewer = require(request, _READ)
    row = await store.point(filters.status, viewer.account_id, params.an_id(request))
    return responses.json(filter_status_entity(row))


async def remove_status(request: web.Request) -> web.Response:
    viewer = require(request, _WRITE)
    row = await store.write(filters.remove_status, viewer.account_id, params.an_id(request))
    return responses.json(filter_status_entity(row))


async def _wish(request: web.Request) -> tuple[Terms, list[KeywordChange]]:
    wish = await params.read(request, _Filter)
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
    web.get(_BASE, page),
    web.post(_BASE, create),
    web.get(f"{_BASE}/keywords/{{id}}", keyword),
    web.put(f"{_BASE}/keywords/{{id}}", change_keyword),
    web.delete(f"{_BASE}/keywords/{{id}}", remove_keyword),
    web.get(f"{_BASE}/statuses/{{id}}", status),
    web.delete(f"{_BASE}/statuses/{{id}}", remove_status),
    web.get(f"{_BASE}/{{id}}", show),
    web.put(f"{_BASE}/{{id}}", update),
    web.delete(f"{_BASE}/{{id}}", delete),
    web.get(f"{_BASE}/{{id}}/keywords", keywords),
    web.post(f"{_BASE}/{{id}}/keywords", add_keyword),
    web.get(f"{_BASE}/{{id}}/statuses", statuses),
    web.post(f"{_BASE}/{{id}}/statuses", add_status),
]
