"""https://docs.joinmastodon.org/methods/oembed/"""

import re

import msgspec
from aiohttp import web

from node import site, store
from node.errors import NotFound
from node.paging import LARGEST_ID
from node.services.statuses import view as status_view
from node.services.statuses.view import StatusView
from web import params, responses, route
from web.entities.oembed import oembed_entity
from web.entities.status import status_entity
from web.errors import NOT_FOUND
from web.inputs import asks

_WIDEST, _USUAL = 2_000, 400
_POST = re.compile(r"/@[A-Za-z0-9_.-]{1,100}/(\d{1,19})/?", re.ASCII)


class _Wish(msgspec.Struct):
    url: str = ""
    maxwidth: params.Count = _USUAL


async def show(request: web.Request, wish: _Wish) -> web.Response:
    """What everybody may see of people here; all else answers like what is not there."""
    view = await store.point(_public, _status_id(wish.url))
    return responses.json(oembed_entity(status_entity(view), min(wish.maxwidth or _USUAL, _WIDEST)))


def _status_id(url: str) -> int:
    path = url.removeprefix(site.base_url)
    match = _POST.fullmatch(path) if path != url else None
    if match is None or int(match[1]) > LARGEST_ID:
        raise NotFound(NOT_FOUND)
    return int(match[1])


def _public(status_id: int) -> StatusView:
    view = status_view.one(None, status_id)
    if view.reblog is not None or "@" in status_entity(view)["account"]["acct"]:
        raise NotFound(NOT_FOUND)
    return view


ROUTES = [route.get("/api/oembed", show, asks(_Wish))]
