"""https://docs.joinmastodon.org/methods/lists/"""

import msgspec
from aiohttp import web

from node import store
from node.paging import Page
from node.services.accounts import lookup as account_lookup
from node.services.follows import silent
from node.services.relationships import lists
from web import params, responses, route
from web.api import account_pages
from web.entities.list import list_entity
from web.inputs import paged, person, takes
from web.viewer import Viewer

_MAX_MEMBERS = 500


class _New(msgspec.Struct):
    title: str = ""
    replies_policy: str = "list"
    exclusive: bool = False


class _Change(msgspec.Struct):
    title: str | None = None
    replies_policy: str | None = None
    exclusive: bool | None = None


class _Members(msgspec.Struct):
    account_ids: list[params.Id] = []


async def page(request: web.Request, viewer: Viewer) -> web.Response:
    return responses.json([list_entity(row) for row in await store.point(lists.of_account, viewer.account_id)])


async def create(request: web.Request, viewer: Viewer, wish: _New) -> web.Response:
    row = await store.write(
        lists.create,
        viewer.account_id,
        wish.title,
        replies_policy=wish.replies_policy,
        exclusive=wish.exclusive,
    )
    return responses.json(list_entity(row))


async def show(request: web.Request, viewer: Viewer) -> web.Response:
    return responses.json(list_entity(await store.point(lists.get, viewer.account_id, params.an_id(request))))


async def update(request: web.Request, viewer: Viewer, wish: _Change) -> web.Response:
    list_id = params.an_id(request)
    row = await store.write(
        lists.update,
        viewer.account_id,
        list_id,
        title=wish.title,
        replies_policy=wish.replies_policy,
        exclusive=wish.exclusive,
    )
    return responses.json(list_entity(row))


async def delete(request: web.Request, viewer: Viewer) -> web.Response:
    await store.write(lists.delete, viewer.account_id, params.an_id(request))
    return responses.empty()


async def members(request: web.Request, viewer: Viewer, page: Page) -> web.Response:
    """`limit=0` asks for all of them."""
    if ("limit", "0") in params.query_items(request):
        page = Page(limit=_MAX_MEMBERS, max_id=page.max_id, since_id=page.since_id, min_id=page.min_id)
    return await account_pages.of_rows(request, _members, viewer.account_id, params.an_id(request), page=page)


async def add_members(request: web.Request, viewer: Viewer, wish: _Members) -> web.Response:
    list_id = params.an_id(request)
    await store.write(silent.add_members, viewer.account_id, list_id, wish.account_ids[:_MAX_MEMBERS])
    return responses.empty()


async def remove_members(request: web.Request, viewer: Viewer, wish: _Members) -> web.Response:
    list_id = params.an_id(request)
    await store.write(lists.remove_members, viewer.account_id, list_id, wish.account_ids[:_MAX_MEMBERS])
    return responses.empty()


async def containing(request: web.Request, viewer: Viewer) -> web.Response:
    """The own lists that have an account in them."""
    account_id = params.an_id(request)
    await store.point(account_lookup.visible, viewer.account_id, account_id)
    rows = await store.point(lists.containing, viewer.account_id, account_id)
    return responses.json([list_entity(row) for row in rows])


def _members(account_id: int, list_id: int, page: Page) -> list[tuple[int, int]]:
    return [(member_id, member_id) for member_id in lists.members(account_id, list_id, page)]


ROUTES = [
    route.get("/api/v1/lists", page, person("read:lists")),
    route.post("/api/v1/lists", create, person("write:lists"), takes(_New)),
    route.get("/api/v1/lists/{id}", show, person("read:lists")),
    route.put("/api/v1/lists/{id}", update, person("write:lists"), takes(_Change)),
    route.delete("/api/v1/lists/{id}", delete, person("write:lists")),
    route.get("/api/v1/lists/{id}/accounts", members, person("read:lists"), paged(40, 80)),
    route.post("/api/v1/lists/{id}/accounts", add_members, person("write:lists"), takes(_Members)),
    route.delete("/api/v1/lists/{id}/accounts", remove_members, person("write:lists"), takes(_Members)),
    route.get("/api/v1/accounts/{id}/lists", containing, person("read:lists")),
]
