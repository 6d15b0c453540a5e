"""https://docs.joinmastodon.org/methods/collections/: whom people recommend, in collections with a name."""

from typing import Any

import msgspec
from aiohttp import web

from node import store
from node.errors import Forbidden, Invalid
from node.models import Collection
from node.paging import Page
from node.services.accounts import lookup as account_lookup
from node.services.collections import items, own
from node.services.collections import view as collection_view
from node.services.collections.own import CollectionChange
from node.services.collections.view import CollectionView
from web import pagination, params, responses
from web.entities.account import account_entities
from web.entities.collection import collection_entity, item_entity
from web.entities.notification import partial_account
from web.viewer import optional, require

_LIMIT, _MOST = 40, 80
_READ, _WRITE = "read:collections", "write:collections"


class _Change(msgspec.Struct):
    name: str | None = None
    description: str | None = None
    language: str | None = None
    sensitive: bool | None = None
    discoverable: bool | None = None
    tag_name: str | None = None

    @property
    def wish(self) -> CollectionChange:
        return CollectionChange(
            name=self.name,
            description=self.description,
            language=self.language,
            sensitive=self.sensitive,
            discoverable=self.discoverable,
            tag_name=self.tag_name,
        )


class _New(_Change):
    account_ids: list[params.Id] = []


class _Member(msgspec.Struct):
    account_id: params.Id | None = None


async def create(request: web.Request) -> web.Response:
    viewer, wish = require(request, _WRITE), await params.read(request, _New)
    if len(wish.account_ids) > items.MAX_ITEMS:
        raise Invalid(f"There can be {items.MAX_ITEMS} accounts in a collection.", {"account_ids": "are too many"})
    view = await store.write(_create, viewer.account_id, wish)
    return responses.json({"collection": collection_entity(view)})


async def show(request: web.Request) -> web.Response:
    reader_id, collection_id = _reader_id(request), params.an_id(request)
    view, entities = await store.read(_with_accounts, reader_id, collection_id)
    return responses.json({"accounts": entities, "collection": collection_entity(view)})


async def update(request: web.Request) -> web.Response:
    viewer, collection_id = require(request, _WRITE), params.an_id(request)
    wish = await params.read(request, _Change)
    view = await store.write(_update, viewer.account_id, collection_id, wish)
    return responses.json({"collection": collection_entity(view)})


async def delete(request: web.Request) -> web.Response:
    viewer = require(request, _WRITE)
    await store.write(own.delete, viewer.account_id, params.an_id(request))
    return responses.empty()


async def add(request: web.Request) -> web.Response:
    viewer, collection_id = require(request, _WRITE), params.an_id(request)
    wish = await params.read(request, _Member)
    if wish.account_id is None:
        raise Invalid("Say by account_id whom to add.", {"account_id": "can't be blank"})
    row = await store.write(items.add, viewer.account_id, collection_id, wish.account_id)
    return responses.json({"collection_item": item_entity(row)})


async def remove(request: web.Request) -> web.Response:
    viewer = require(request, _WRITE)
    await store.write(items.remove, viewer.account_id, params.an_id(request), params.an_id(request, "item"))
    return responses.empty()


async def revoke(request: web.Request) -> web.Response:
    viewer = require(request, _WRITE)
    await store.write(items.leave, viewer.account_id, params.an_id(request), params.an_id(request, "item"))
    return responses.empty()


async def of_account(request: web.Request) -> web.Response:
    reader_id, account_id = _reader_id(request), params.an_id(request)
    page, offset = pagination.page(request, limit=_LIMIT, most=_MOST), pagination.offset(request)
    return responses.json(await store.read(_of_account, reader_id, account_id, page, offset))


async def containing(request: web.Request) -> web.Response:
    """For oneself alone."""
    viewer, account_id = require(request, _READ), params.an_id(request)
    if account_id != viewer.account_id:
        raise Forbidden("In which collections somebody is, is for themselves to see.")
    page, offset = pagination.page(request, limit=_LIMIT, most=_MOST), pagination.offset(request)
    return responses.json(await store.read(_containing, account_id, page, offset))


def _reader_id(request: web.Request) -> int | None:
    viewer = optional(request, _READ)
    return None if viewer is None else viewer.account_id


def _create(account_id: int, wish: _New) -> CollectionView:
    return _own(account_id, own.create(account_id, wish.wish, wish.account_ids))


def _update(account_id: int, collection_id: int, wish: _Change) -> CollectionView:
    return _own(account_id, own.update(account_id, collection_id, wish.wish))


def _own(account_id: int, row: Collection) -> CollectionView:
    return collection_view.load([row], account_id)[0]


def _with_accounts(reader_id: int | None, collection_id: int) -> tuple[CollectionView, list[dict[str, Any]]]:
    view = collection_view.show(reader_id, collection_id)
    return view, account_entities(collection_view.people(view.people()))


def _of_account(reader_id: int | None, account_id: int, page: Page, offset: int) -> dict[str, Any]:
    account_lookup.visible(reader_id, account_id)
    return _answer(collection_view.of_account(reader_id, account_id, page.limit, offset))


def _containing(account_id: int, page: Page, offset: int) -> dict[str, Any]:
    return _answer(collection_view.containing(account_id, page.limit, offset))


def _answer(views: list[CollectionView]) -> dict[str, Any]:
    """Collections, and the faces that a list of them shows."""
    faces = collection_view.people([account_id for view in views for account_id in view.previewed()])
    return {
        "collections": [collection_entity(view) for view in views],
        "partial_accounts": [partial_account(one) for one in account_entities(faces)],
    }


ROUTES = [
    web.post("/api/v1/collections", create),
    web.get("/api/v1/collections/{id}", show),
    web.patch("/api/v1/collections/{id}", update),
    web.delete("/api/v1/collections/{id}", delete),
    web.post("/api/v1/collections/{id}/items", add),
    web.delete("/api/v1/collections/{id}/items/{item}", remove),
    web.post("/api/v1/collections/{id}/items/{item}/revoke", revoke),
    web.get("/api/v1/accounts/{id}/collections", of_account),
    web.get("/api/v1/accounts/{id}/in_collections", containing),
]
