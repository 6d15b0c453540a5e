"""https://docs.joinmastodon.org/methods/featured_tags/"""

from typing import Any

import msgspec
from aiohttp import web

from node import store
from node.models import Account
from node.services.accounts import featured_tags
from node.services.accounts import lookup as account_lookup
from web import params, responses, route
from web.api import tags
from web.entities.featured_tag import featured_tag_entity
from web.inputs import person, reader, takes
from web.viewer import Viewer


class _Name(msgspec.Struct):
    name: str = ""


async def own(request: web.Request, viewer: Viewer) -> web.Response:
    return responses.json(await store.read(_entities, viewer.account))


async def of_account(request: web.Request, viewer_id: int | None) -> web.Response:
    return responses.json(await store.read(_visible, viewer_id, params.an_id(request)))


async def feature(request: web.Request, viewer: Viewer, wish: _Name) -> web.Response:
    view = await store.write(featured_tags.add, viewer.account_id, wish.name)
    return responses.json(featured_tag_entity(view, viewer.account))


async def unfeature(request: web.Request, viewer: Viewer) -> web.Response:
    featured_id = params.an_id(request)
    await store.write(featured_tags.remove, viewer.account_id, featured_id)
    return responses.empty()


async def suggestions(request: web.Request, viewer: Viewer) -> web.Response:
    return responses.json(await store.read(_suggestions, viewer.account_id))


def _entities(account: Account) -> list[dict[str, Any]]:
    return [featured_tag_entity(view, account) for view in featured_tags.of_account(account.id)]


def _visible(viewer_id: int | None, account_id: int) -> list[dict[str, Any]]:
    return _entities(account_lookup.visible(viewer_id, account_id))


def _suggestions(account_id: int) -> list[dict[str, Any]]:
    return tags.entities_of(featured_tags.suggestions(account_id), account_id)


ROUTES = [
    route.get("/api/v1/featured_tags", own, person("read:accounts")),
    route.post("/api/v1/featured_tags", feature, person("write:accounts"), takes(_Name)),
    route.get("/api/v1/featured_tags/suggestions", suggestions, person("read:accounts")),
    route.delete("/api/v1/featured_tags/{id}", unfeature, person("write:accounts")),
    route.get("/api/v1/accounts/{id}/featured_tags", of_account, reader("read:accounts")),
]
