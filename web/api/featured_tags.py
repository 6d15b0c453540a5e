"""https://docs.joinmastodon.org/methods/featured_tags/"""

from typing import Any

import msgspec
from aiohttp import web

from node import store
from node.models import Account
from node.services.accounts import featured_tags
from node.services.accounts import lookup as account_lookup
from web import params, responses
from web.api import tags
from web.entities.featured_tag import featured_tag_entity
from web.viewer import optional, require


class _Name(msgspec.Struct):
    name: str = ""


async def own(request: web.Request) -> web.Response:
    viewer = require(request, "read:accounts")
    return responses.json(await store.read(_entities, viewer.account))


async def of_account(request: web.Request) -> web.Response:
    viewer = optional(request, "read:accounts")
    viewer_id = None if viewer is None else viewer.account_id
    return responses.json(await store.read(_visible, viewer_id, params.an_id(request)))


async def feature(request: web.Request) -> web.Response:
    viewer, wish = require(request, "write:accounts"), await params.read(request, _Name)
    view = await store.write(featured_tags.add, viewer.account_id, wish.name)
    return responses.json(featured_tag_entity(view, viewer.account))


async def unfeature(request: web.Request) -> web.Response:
    viewer, featured_id = require(request, "write:accounts"), params.an_id(request)
    await store.write(featured_tags.remove, viewer.account_id, featured_id)
    return responses.empty()


async def suggestions(request: web.Request) -> web.Response:
    viewer = require(request, "read:accounts")
    return responses.json(await store.read(_suggestions, viewer.account_id))


def _entities(account: Account) -> list[dict[str, Any]]:
    return [featured_tag_entity(view, account) for view in featured_tags.of_account(account.id)]


def _visible(viewer_id: int | None, account_id: int) -> list[dict[str, Any]]:
    return _entities(account_lookup.visible(viewer_id, account_id))


def _suggestions(account_id: int) -> list[dict[str, Any]]:
    return tags.entities_of(featured_tags.suggestions(account_id), account_id)


ROUTES = [
    web.get("/api/v1/featured_tags", own),
    web.post("/api/v1/featured_tags", feature),
    web.get("/api/v1/featured_tags/suggestions", suggestions),
    web.delete("/api/v1/featured_tags/{id}", unfeature),
    web.get("/api/v1/accounts/{id}/featured_tags", of_account),
]
