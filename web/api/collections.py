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
from web import pagination, params, responses, route
from web.entities.account import account_entities
from web.entities.collection import collection_entity, item_entity
from web.entities.notification import partial_account
from web.inputs import counted, paged, person, reader, takes
from web.viewer import Viewer

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


async def create(_: web.Request, viewer: Viewer, wish: _New) -> web.Response:
    if len(wish.account_ids) > items.MAX_ITEMS:
        raise Invalid(f"There can be {items.MAX_ITEMS} accounts in a collection.", {"account_ids": "are too many"})
    view = await store.write(_create, viewer.account_id, wish)
    return responses.json({"collection": collection_entity(view)})


async def show(request: web.Request, reader_id: int | None) -> web.Response:
    view, entities = await store.read(_with_accounts, reader_id, params.an_id(request))
    return responses.json({"accounts": entities, "collection": collection_entity(view)})


async def update(request: web.Request, viewer: Viewer, wish: _Change) -> web.Response:
    view = await store.write(_update, viewer.account_id, params.an_id(request), wish)
    return responses.json({"collection": collection_entity(view)})


async def delete(request: web.Request, viewer: Viewer) -> web.Response:
    await store.write(own.delete, viewer.account_id, params.an_id(request))
    return responses.empty()


async def add(request: web.Request, viewer: Viewer, wish: _Member) -> web.Response:
    if wish.account_id is None:
        raise Invalid("Say by account_id whom to add.", {"account_id": "can't be blank"})
    row = await store.write(items.add, viewer.account_id, params.an_id(request), wish.account_id)
    return responses.json({"collection_item": item_entity(row)})


async def remove(request: web.Request, viewer: Viewer) -> web.Response:
    await store.write(items.remove, viewer.account_id, params.an_id(request), params.an_id(request, "item"))
    return responses.empty()


async def revoke(request: web.Request, viewer: Viewer) -> web.Response:
    await store.write(items.leave, viewer.account_id, params.an_id(request), params.an_id(request, "item"))
    return responses.empty()


async def of_account(request: web.Request, reader_id: int | None, page: Page, offset: int) -> web.Response:
    return _listed(
        request, await store.read(_of_account, reader_id, params.an_id(request), page, offset), page, offset
    )


async def containing(request: web.Request, viewer: Viewer, page: Page, offset: int) -> web.Response:
    """For oneself alone."""
    account_id = params.an_id(request)
    if account_id != viewer.account_id:
        raise Forbidden("In which collections somebody is, is for themselves to see.")
    return _listed(request, await store.read(_containing, account_id, page, offset), page, offset)


def _listed(request: web.Request, body: dict[str, Any], page: Page, offset: int) -> web.Response:
    count = len(body["collections"])
    return responses.json(body, headers=pagination.counted_link(request, page.limit, offset, count))


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
        "partial_accounts": [partial_account(one) for one in faces],
    }


ROUTES = [
    route.post("/api/v1/collections", create, person(_WRITE), takes(_New)),
    route.get("/api/v1/collections/{id}", show, reader(_READ)),
    route.patch("/api/v1/collections/{id}", update, person(_WRITE), takes(_Change)),
    route.delete("/api/v1/collections/{id}", delete, person(_WRITE)),
    route.post("/api/v1/collections/{id}/items", add, person(_WRITE), takes(_Member)),
    route.delete("/api/v1/collections/{id}/items/{item}", remove, person(_WRITE)),
    route.post("/api/v1/collections/{id}/items/{item}/revoke", revoke, person(_WRITE)),
    route.get("/api/v1/accounts/{id}/collections", of_account, reader(_READ), paged(_LIMIT, _MOST), counted),
    route.get("/api/v1/accounts/{id}/in_collections", containing, person(_READ), paged(_LIMIT, _MOST), counted),
]
