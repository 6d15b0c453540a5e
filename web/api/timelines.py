"""https://docs.joinmastodon.org/methods/timelines/, and the statuses of one account."""

import msgspec
from aiohttp import web

from node import store
from node.paging import Page
from node.services import timelines
from node.services.accounts import lookup as account_lookup
from node.services.conversations import direct_messages
from web import params, route
from web.api import status_pages
from web.inputs import asks, paged, person, reader, timeline_reader
from web.viewer import Viewer


class _Public(msgspec.Struct):
    local: bool = False
    remote: bool = False
    only_media: bool = False


class _Tag(_Public):
    any: list[str] = []
    all: list[str] = []
    none: list[str] = []


class _Link(msgspec.Struct):
    url: str = ""


class _OfAccount(msgspec.Struct):
    only_media: bool = False
    exclude_replies: bool = False
    exclude_reblogs: bool = False
    exclude_direct: bool = False
    pinned: bool = False
    tagged: str = ""


async def home(request: web.Request, viewer: Viewer, page: Page) -> web.Response:
    return await status_pages.of_page(request, viewer.account_id, timelines.home, viewer.account_id, page=page)


async def public(request: web.Request, viewer_id: int | None, wish: _Public, page: Page) -> web.Response:
    return await status_pages.of_page(
        request,
        viewer_id,
        timelines.public,
        viewer_id,
        page=page,
        local=wish.local,
        remote=wish.remote,
        only_media=wish.only_media,
    )


async def tag(request: web.Request, viewer_id: int | None, wish: _Tag, page: Page) -> web.Response:
    return await status_pages.of_page(
        request,
        viewer_id,
        timelines.tag,
        viewer_id,
        params.text(request, "hashtag"),
        page=page,
        any_of=wish.any,
        all_of=wish.all,
        none_of=wish.none,
        local=wish.local,
        remote=wish.remote,
        only_media=wish.only_media,
    )


async def link(request: web.Request, viewer_id: int | None, wish: _Link, page: Page) -> web.Response:
    return await status_pages.of_page(request, viewer_id, timelines.link, viewer_id, wish.url, page=page)


async def of_list(request: web.Request, viewer: Viewer, page: Page) -> web.Response:
    list_id = params.an_id(request, "list_id")
    return await status_pages.of_page(
        request, viewer.account_id, timelines.list_timeline, viewer.account_id, list_id, page=page
    )


async def direct(request: web.Request, viewer: Viewer, page: Page) -> web.Response:
    return await status_pages.of_page(request, viewer.account_id, direct_messages.page, viewer.account_id, page=page)


async def of_account(request: web.Request, viewer_id: int | None, wish: _OfAccount, page: Page) -> web.Response:
    account_id = params.an_id(request)
    await store.point(account_lookup.visible, viewer_id, account_id)
    return await status_pages.of_page(
        request,
        viewer_id,
        timelines.account,
        viewer_id,
        account_id,
        page=page,
        only_media=wish.only_media,
        exclude_replies=wish.exclude_replies,
        exclude_reblogs=wish.exclude_reblogs,
        exclude_direct=wish.exclude_direct,
        pinned=wish.pinned,
        tagged=wish.tagged,
    )


ROUTES = [
    route.get("/api/v1/timelines/home", home, person("read:statuses"), paged()),
    route.get("/api/v1/timelines/public", public, timeline_reader, asks(_Public), paged()),
    route.get("/api/v1/timelines/tag/{hashtag}", tag, timeline_reader, asks(_Tag), paged()),
    route.get("/api/v1/timelines/link", link, timeline_reader, asks(_Link), paged()),
    route.get("/api/v1/timelines/list/{list_id}", of_list, person("read:lists"), paged()),
    route.get("/api/v1/timelines/direct", direct, person("read:statuses"), paged()),
    route.get("/api/v1/accounts/{id}/statuses", of_account, reader("read:statuses"), asks(_OfAccount), paged()),
]
