"""https://docs.joinmastodon.org/methods/filters/#v1: for apps that know one phrase a filter."""

import msgspec
from aiohttp import web

from node import store
from node.services.filters import phrases as phrase_filters
from node.services.filters.phrases import Wish
from web import params, responses, route
from web.api.filters import expiry
from web.entities.filter import phrase_filter_entity
from web.inputs import person, takes
from web.viewer import Viewer

_READ, _WRITE = "read:filters", "write:filters"


class _Filter(msgspec.Struct):
    phrase: str | None = None
    context: list[str] | None = None
    whole_word: bool | None = None
    irreversible: bool | None = None
    expires_in: params.Count | None = None


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    views = await store.point(phrase_filters.of_account, viewer.account_id)
    return responses.json([phrase_filter_entity(view) for view in views])


async def create(request: web.Request, viewer: Viewer, wish: _Filter) -> web.Response:
    view = await store.write(phrase_filters.create, viewer.account_id, await _wish(request, wish))
    return responses.json(phrase_filter_entity(view))


async def show(request: web.Request, viewer: Viewer) -> web.Response:
    view = await store.point(phrase_filters.get, viewer.account_id, params.an_id(request))
    return responses.json(phrase_filter_entity(view))


async def update(request: web.Request, viewer: Viewer, wish: _Filter) -> web.Response:
    keyword_id = params.an_id(request)
    view = await store.write(phrase_filters.update, viewer.account_id, keyword_id, await _wish(request, wish))
    return responses.json(phrase_filter_entity(view))


async def delete(request: web.Request, viewer: Viewer) -> web.Response:
    await store.write(phrase_filters.delete, viewer.account_id, params.an_id(request))
    return responses.empty()


async def _wish(request: web.Request, wish: _Filter) -> Wish:
    return Wish(
        phrase=wish.phrase,
        contexts=wish.context,
        whole_word=wish.whole_word,
        irreversible=wish.irreversible,
        expires_in=await expiry(request, wish.expires_in),
    )


_BASE, _SINCE = "/api/v1/filters", "2022-11-14"

ROUTES = [
    route.get(_BASE, page, person(_READ), since=_SINCE),
    route.post(_BASE, create, person(_WRITE), takes(_Filter), since=_SINCE),
    route.get(f"{_BASE}/{{id}}", show, person(_READ), since=_SINCE),
    route.put(f"{_BASE}/{{id}}", update, person(_WRITE), takes(_Filter), since=_SINCE),
    route.delete(f"{_BASE}/{{id}}", delete, person(_WRITE), since=_SINCE),
]
