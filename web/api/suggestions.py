"""https://docs.joinmastodon.org/methods/suggestions/: whom to follow."""

from typing import Any

import msgspec
from aiohttp import web

from node import store
from node.services.accounts import view as account_view
from node.services.discovery import suggestions
from web import params, responses, route
from web.api import account_pages
from web.entities.account import account_entities
from web.inputs import asks, person
from web.viewer import Viewer

_MOST = 80
# How apps for Mastodon before 4.3 know them.
_SOURCES_BEFORE_43 = {suggestions.FRIENDS_OF_FRIENDS: "past_interactions", suggestions.ACTIVE_HERE: "global"}


class _Wish(msgspec.Struct):
    limit: params.Limit = 40


async def show(_: web.Request, viewer: Viewer, wish: _Wish) -> web.Response:
    return responses.json(await store.read(_load, viewer.account_id, _limit(wish)))


async def show_v1(_: web.Request, viewer: Viewer, wish: _Wish) -> web.Response:
    """Without the reasons."""
    found = await store.read(suggestions.suggested, viewer.account_id, _limit(wish))
    return await account_pages.of_ids(one.account_id for one in found)


async def dismiss(request: web.Request, viewer: Viewer) -> web.Response:
    await store.write(suggestions.dismiss, viewer.account_id, params.an_id(request))
    return responses.empty()


def _load(account_id: int, limit: int) -> list[dict[str, Any]]:
    found = {one.account_id: one for one in suggestions.suggested(account_id, limit)}
    views = account_view.load(list(found))
    return [
        {
            "source": _SOURCES_BEFORE_43[found[view.account.id].sources[0]],
            "sources": found[view.account.id].sources,
            "account": entity,
        }
        for view, entity in zip(views, account_entities(views), strict=True)
    ]


def _limit(wish: _Wish) -> int:
    return max(1, min(wish.limit, _MOST))


ROUTES = [
    route.get("/api/v2/suggestions", show, person("read:accounts"), asks(_Wish)),
    route.get("/api/v1/suggestions", show_v1, person("read:accounts"), asks(_Wish), since="2021-05-16"),
    route.delete("/api/v1/suggestions/{id}", dismiss, person("write:accounts")),
]
