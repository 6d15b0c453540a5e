"""https://docs.joinmastodon.org/methods/suggestions/: whom to follow."""

from typing import Any

import msgspec
from aiohttp import web

from node import store
from node.services.accounts import view as account_view
from node.services.discovery import suggestions
from web import params, responses
from web.api import account_pages
from web.entities.account import account_entities
from web.viewer import require

_MOST = 80


class _Wish(msgspec.Struct):
    limit: params.Count = 40


async def show(request: web.Request) -> web.Response:
    viewer = require(request, "read:accounts")
    return responses.json(await store.read(_load, viewer.account_id, _limit(request)))


async def show_v1(request: web.Request) -> web.Response:
    """Without the reasons."""
    viewer = require(request, "read:accounts")
    found = await store.read(suggestions.suggested, viewer.account_id, _limit(request))
    return await account_pages.of_ids(one.account_id for one in found)


async def dismiss(request: web.Request) -> web.Response:
    viewer = require(request, "write:accounts")
    await store.write(suggestions.dismiss, viewer.account_id, params.an_id(request))
    return responses.empty()


def _load(account_id: int, limit: int) -> list[dict[str, Any]]:
    found = {one.account_id: one for one in suggestions.suggested(account_id, limit)}
    views = account_view.load(list(found))
    return [
        # `source` is how apps for Mastodon before 4.3 know it.
        {"source": "past_interactions", "sources": found[view.account.id].sources, "account": entity}
        for view, entity in zip(views, account_entities(views), strict=True)
    ]


def _limit(request: web.Request) -> int:
    return max(1, min(params.query(request, _Wish).limit, _MOST))


ROUTES = [
    web.get("/api/v2/suggestions", show),
    web.get("/api/v1/suggestions", show_v1),
    web.delete("/api/v1/suggestions/{id}", dismiss),
]
