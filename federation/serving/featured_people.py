"""Collections of accounts as other nodes read them, and the stamps of those of ours who are in one (FEP-7aa9)."""

from typing import Any

import msgspec
from aiohttp import web

from federation.render import featured
from federation.render.collection import collection, inlined
from federation.render.context import context
from federation.serving import reading
from federation.serving.reading import NOT_FOUND
from federation.serving.serve import document
from node import site, store
from node.errors import NotFound
from node.models import Account, Collection, CollectionItem, ItemState
from node.services.accounts import lookup
from node.services.collections import rows
from node.services.collections.own import MAX_COLLECTIONS

Document = dict[str, Any]


async def all_of(request: web.Request) -> web.Response:
    """Those on the profile, whole: there are a few at most."""
    account = await reading.shown_account(request)
    found = await store.read(_shown, account)
    uri = site.featured_collections_uri(account.id)
    body = collection("OrderedCollection", uri, of="featured", totalItems=len(found), orderedItems=found)
    return document(msgspec.json.encode(body))


async def show(request: web.Request) -> web.Response:
    return await document_of(await reading.shown_account(request), reading.path_id(request, "collection"))


async def document_of(account: Account, collection_id: int) -> web.Response:
    return document(msgspec.json.encode(await store.read(_one, account, collection_id)))


async def item(request: web.Request) -> web.Response:
    account = await reading.shown_account(request)
    numbers = reading.path_id(request, "collection"), reading.path_id(request, "item")
    return document(msgspec.json.encode(await store.read(_item, account, *numbers)))


async def stamp(request: web.Request) -> web.Response:
    """As long as somebody of ours agrees to be in a collection."""
    account = await reading.shown_account(request)
    return document(msgspec.json.encode(await store.read(_stamp, account, reading.path_id(request, "item"))))


def _shown(account: Account) -> list[Document]:
    query = Collection.select().where(Collection.account == account.id, Collection.discoverable)
    found = query.order_by(Collection.id.desc()).limit(MAX_COLLECTIONS)
    return [inlined(_whole(one, account)) for one in found]


def _one(account: Account, collection_id: int) -> Document:
    return _whole(_of(account, collection_id), account)


def _whole(one: Collection, account: Account) -> Document:
    return featured.featured_collection(one, account.uri, *featured.parts(one))


def _item(account: Account, collection_id: int, item_id: int) -> Document:
    one, row = _of(account, collection_id), rows.item(item_id)
    member = lookup.by_id(row.account_id) if row is not None else None
    if row is None or row.collection_id != one.id or row.state != ItemState.ACCEPTED:
        raise NotFound(NOT_FOUND)
    if member is None or member.is_gone:
        raise NotFound(NOT_FOUND)
    return {"@context": context("featured")} | featured.featured_item(row, one, member)


def _stamp(account: Account, item_id: int) -> Document:
    row: CollectionItem | None = rows.item(item_id)
    one = rows.by_id(row.collection_id) if row is not None else None
    if row is None or one is None or row.account_id != account.id or row.state != ItemState.ACCEPTED:
        raise NotFound(NOT_FOUND)
    return featured.stamp(row, one, account)


def _of(account: Account, collection_id: int) -> Collection:
    one = rows.by_id(collection_id)
    if one is None or one.account_id != account.id:
        raise NotFound(NOT_FOUND)
    return one
