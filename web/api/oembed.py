"""https://docs.joinmastodon.org/methods/oembed/"""

import msgspec
from aiohttp import web

from node import store
from web import embedded, params, responses, route
from web.entities.oembed import oembed_entity
from web.entities.status import status_entity
from web.inputs import asks

_LARGEST, _USUAL = 2_000, 400


class _Wish(msgspec.Struct):
    url: str = ""
    maxwidth: params.Count = _USUAL
    maxheight: params.Count = 0


async def show(request: web.Request, wish: _Wish) -> web.Response:
    """What everybody may see of people here; all else answers like what is not there."""
    view = await store.point(embedded.status, embedded.status_id(wish.url))
    width, height = min(wish.maxwidth or _USUAL, _LARGEST), min(wish.maxheight, _LARGEST) or None
    return responses.json(oembed_entity(status_entity(view), width, height))


ROUTES = [route.get("/api/oembed", show, asks(_Wish))]
