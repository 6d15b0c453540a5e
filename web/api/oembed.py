"""https://docs.joinmastodon.org/methods/oembed/"""

import msgspec
from aiohttp import web

from node import store
from web import embedded, params, responses, route
from web.entities.oembed import oembed_entity
from web.entities.status import status_entity
from web.inputs import asks

_WIDEST, _USUAL = 2_000, 400


class _Wish(msgspec.Struct):
    url: str = ""
    maxwidth: params.Count = _USUAL


async def show(request: web.Request, wish: _Wish) -> web.Response:
    """What everybody may see of people here; all else answers like what is not there."""
    view = await store.point(embedded.status, embedded.status_id(wish.url))
    return responses.json(oembed_entity(status_entity(view), min(wish.maxwidth or _USUAL, _WIDEST)))


ROUTES = [route.get("/api/oembed", show, asks(_Wish))]
