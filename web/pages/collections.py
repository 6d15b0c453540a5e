"""Collections: whom people recommend. One is for everybody to see; who is in it has agreed, and can leave."""

from typing import Any

from aiohttp import web

from federation.serving.negotiation import wants_document
from node import store
from node.errors import Forbidden, Invalid, NodeError, NotFound
from node.models import ItemState
from node.services.collections import items, own, rows
from node.services.collections import view as collection_view
from node.services.collections.own import CollectionChange
from node.services.collections.view import CollectionView
from node.speech import said
from web import params
from web.entities.collection import collection_entity
from web.errors import NOT_FOUND
from web.pages import answers, confirming, forms, handles, posts, visitors
from web.pages.forms import Form

_PATH = "/collections"
_MOST = 100

Entity = dict[str, Any]


async def mine(request: web.Request) -> web.Response:
    person = answers.require(request)
    return await answers.show(request, "collections.html", **await store.read(_mine, person.account_id))


async def make(request: web.Request) -> web.Response:
    person, form = answers.require(request), await forms.read(request)
    try:
        made = await store.write(own.create, person.account_id, _wish(form))
    except Invalid as refusal:
        context = await store.read(_mine, person.account_id)
        return await answers.again(request, "collections.html", refusal, form, **context)
    return answers.done(request, f"{_PATH}/{made.id}")


async def show(request: web.Request) -> web.StreamResponse:
    reader_id, collection_id = answers.reader_id(request), params.an_id(request)
    row = await store.point(rows.visible, reader_id, collection_id)
    if wants_document(request):
        raise web.HTTPFound(row.uri, headers={"Vary": visitors.VARY})

    async def load() -> Entity:
        return await store.read(_one, reader_id, collection_id)

    return await visitors.show(request, "collection.html", load, row.id, row.updated_at, noindex=not row.discoverable)


async def edit(request: web.Request) -> web.Response:
    person = answers.require(request)
    view = await store.read(_own, person.account_id, params.an_id(request))
    return await answers.show(request, "collection_edit.html", collection=collection_entity(view))


async def save(request: web.Request) -> web.Response:
    person, form, collection_id = answers.require(request), await forms.read(request), params.an_id(request)
    try:
        await store.write(own.update, person.account_id, collection_id, _wish(form))
    except Invalid as refusal:
        view = await store.read(_own, person.account_id, collection_id)
        entity = collection_entity(view)
        return await answers.again(request, "collection_edit.html", refusal, form, collection=entity)
    return answers.done(request, f"{_PATH}/{collection_id}", "The collection is saved.")


async def ask_to_delete(request: web.Request) -> web.Response:
    person = answers.require(request)
    row = await store.point(own.get, person.account_id, params.an_id(request))
    return await confirming.ask(
        request,
        title=said("Delete the collection “%(name)s”?", name=row.name),
        text="You go on following the people in it.",
        button="Delete it",
        back=f"{_PATH}/{row.id}",
    )


async def delete(request: web.Request) -> web.Response:
    person, _ = answers.require(request), await forms.read(request)
    await store.write(own.delete, person.account_id, params.an_id(request))
    return answers.done(request, _PATH, "The collection is gone.")


# ── who is in it ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def add(request: web.Request) -> web.Response:
    """By handle, or by the address of a profile."""
    person, form, collection_id = answers.require(request), await forms.read(request), params.an_id(request)
    await store.point(own.get, person.account_id, collection_id)
    try:
        account = await handles.named(request, form.text("acct").strip())
        if account is None:
            raise Invalid("Nobody was found there.", {"acct": "Nobody was found there."})
        await store.write(items.add, person.account_id, collection_id, account.id)
    except (Invalid, Forbidden) as refusal:
        return await _again(request, person.account_id, collection_id, refusal, form)
    return answers.done(request, f"{_PATH}/{collection_id}")


async def remove(request: web.Request) -> web.Response:
    person, _ = answers.require(request), await forms.read(request)
    collection_id = params.an_id(request)
    await store.write(items.remove, person.account_id, collection_id, params.an_id(request, "item"))
    return answers.done(request, f"{_PATH}/{collection_id}")


async def ask_to_leave(request: web.Request) -> web.Response:
    person = answers.require(request)
    row = await store.point(rows.visible, person.account_id, params.an_id(request))
    await store.point(_my_item, person.account_id, row.id)
    return await confirming.ask(
        request,
        title=said("Leave the collection “%(name)s”?", name=row.name),
        text="You are taken out of it, and cannot be added to it again.",
        button="Leave",
        back=f"{_PATH}/{row.id}",
    )


async def leave(request: web.Request) -> web.Response:
    person, _ = answers.require(request), await forms.read(request)
    collection_id = params.an_id(request)

    def do() -> None:
        items.leave(person.account_id, collection_id, _my_item(person.account_id, collection_id))

    await store.write(do)
    return answers.done(request, _PATH, "You are not in that collection any more.")


async def _again(
    request: web.Request, account_id: int, collection_id: int, refusal: NodeError, form: Form
) -> web.Response:
    context = await store.read(_one, account_id, collection_id)
    return await answers.again(request, "collection.html", refusal, form, **context)


# ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────────────


def _wish(form: Form) -> CollectionChange:
    return CollectionChange(
        name=form.text("name"),
        description=form.text("description"),
        tag_name=form.text("tag_name"),
        sensitive=form.flag("sensitive"),
        discoverable=form.flag("discoverable"),
    )


def _mine(account_id: int) -> Entity:
    owned = collection_view.of_account(account_id, account_id, _MOST)
    member_of = collection_view.containing(account_id, _MOST)
    return {
        "collections": [collection_entity(view) for view in owned],
        "containing": [collection_entity(view) for view in member_of],
    }


def _own(account_id: int, collection_id: int) -> CollectionView:
    return collection_view.load([own.get(account_id, collection_id)], account_id)[0]


def _one(reader_id: int | None, collection_id: int) -> Entity:
    view = collection_view.show(reader_id, collection_id)
    people = {one["id"]: one for one in posts.people(view.people())}
    owner = people.get(str(view.collection.account_id))
    if owner is None:
        raise NotFound(NOT_FOUND)
    members: list[Entity] = [
        {"item_id": str(row.id), "waits": row.state == ItemState.PENDING, "account": people[str(row.account_id)]}
        for row in view.items
        if str(row.account_id) in people
    ]
    return {
        "collection": collection_entity(view),
        "owner": owner,
        "members": members,
        "relationships": posts.relations(reader_id, [one["account"] for one in members]),
        "is_own": reader_id == view.collection.account_id,
        "is_in_it": any(row.account_id == reader_id and row.state == ItemState.ACCEPTED for row in view.items),
        "is_full": len(view.items) >= items.MAX_ITEMS,
    }


def _my_item(account_id: int, collection_id: int) -> int:
    row = rows.item_of(collection_id, account_id)
    if row is None or row.state != ItemState.ACCEPTED:
        raise NotFound(NOT_FOUND)
    return int(row.id)


ROUTES = [
    web.get(_PATH, mine),
    web.post(_PATH, make),
    web.get(_PATH + "/{id}", show),
    web.get(_PATH + "/{id}/edit", edit),
    web.post(_PATH + "/{id}/edit", save),
    web.get(_PATH + "/{id}/delete", ask_to_delete),
    web.post(_PATH + "/{id}/delete", delete),
    web.post(_PATH + "/{id}/items", add),
    web.post(_PATH + "/{id}/items/{item}/remove", remove),
    web.get(_PATH + "/{id}/leave", ask_to_leave),
    web.post(_PATH + "/{id}/leave", leave),
]
