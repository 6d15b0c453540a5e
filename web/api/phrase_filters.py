"""https://docs.joinmastodon.org/methods/filters/#v1: for apps that know one phrase a filter."""

import msgspec
from aiohttp import web

from node import store
from node.services.filters import phrases as phrase_filters
from node.services.filters.phrases import Wish
from web import params, responses
from web.api.filters import expiry
from web.entities.filter import phrase_filter_entity
from web.viewer import require

_READ, _WRITE = "read:filters", "write:filters"


class _Filter(msgspec.Struct):
    phrase: str | None = None
    context: list[str] | None = None
    whole_word: bool | None = None
    irreversible: bool | None = None
    expires_in: params.Count | None = None


async def page(request: web.Request) -> web.Response:
    viewer = require(request, _READ)
    views = await store.point(phrase_filters.of_account, viewer.account_id)
    return responses.json([phrase_filter_entity(view) for view in views])


async def create(request: web.Request) -> web.Response:
    viewer = require(request, _WRITE)
    view = await store.write(phrase_filters.create, viewer.account_id, await _wish(request))
    return responses.json(phrase_filter_entity(view))


async def show(request: web.Request) -> web.Response:
    viewer = require(request, _READ)
    view = await store.point(phrase_filters.get, viewer.account_id, params.an_id(request))
    return responses.json(phrase_filter_entity(view))


async def update(request: web.Request) -> web.Response:
    viewer, keyword_id = require(request, _WRITE), params.an_id(request)
    view = await store.write(phrase_filters.update, viewer.account_id, keyword_id, await _wish(request))
    return responses.json(phrase_filter_entity(view))


async def delete(request: web.Request) -> web.Response:
    viewer = require(request, _WRITE)
    await store.write(phrase_filters.delete, viewer.account_id, params.an_id(request))
    return responses.empty()


async def _wish(request: web.Request) -> Wish:
    wish = await params.read(request, _Filter)
    return Wish(
        phrase=wish.phrase,
        contexts=wish.context,
        whole_word=wish.whole_word,
        irreversible=wish.irreversible,
        expires_in=await expiry(request, wish.expires_in),
    )


_BASE = "/api/v1/filters"

ROUTES = [
    web.get(_BASE, page),
    web.post(_BASE, create),
    web.get(f"{_BASE}/{{id}}", show),
    web.put(f"{_BASE}/{{id}}", update),
    web.delete(f"{_BASE}/{{id}}", delete),
]
