"""https://docs.joinmastodon.org/methods/timelines/, and the statuses of one account."""

import msgspec
from aiohttp import web

from node import store
from node.errors import Unauthorized
from node.services import timelines
from node.services.accounts import lookup as account_lookup
from node.services.community import settings
from node.services.conversations import direct_messages
from web import pagination, params
from web.api import status_pages
from web.api.status_pages import reader_id
from web.viewer import NEEDS_USER, require


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


async def home(request: web.Request) -> web.Response:
    viewer, page = require(request, "read:statuses"), pagination.page(request)
    return await status_pages.of_page(request, viewer.account_id, timelines.home, viewer.account_id, page=page)


async def public(request: web.Request) -> web.Response:
    viewer_id = await visitor_or_reader(request)
    page, wish = pagination.page(request), params.query(request, _Public)
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


async def tag(request: web.Request) -> web.Response:
    viewer_id = await visitor_or_reader(request)
    page, wish = pagination.page(request), params.query(request, _Tag)
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


async def link(request: web.Request) -> web.Response:
    viewer_id = await visitor_or_reader(request)
    page, wish = pagination.page(request), params.query(request, _Link)
    return await status_pages.of_page(request, viewer_id, timelines.link, viewer_id, wish.url, page=page)


async def of_list(request: web.Request) -> web.Response:
    viewer, page = require(request, "read:lists"), pagination.page(request)
    list_id = params.an_id(request, "list_id")
    return await status_pages.of_page(
        request, viewer.account_id, timelines.list_timeline, viewer.account_id, list_id, page=page
    )


async def direct(request: web.Request) -> web.Response:
    viewer, page = require(request, "read:statuses"), pagination.page(request)
    return await status_pages.of_page(request, viewer.account_id, direct_messages.page, viewer.account_id, page=page)


async def of_account(request: web.Request) -> web.Response:
    viewer_id, account_id = reader_id(request), params.an_id(request)
    page, wish = pagination.page(request), params.query(request, _OfAccount)
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


async def visitor_or_reader(request: web.Request) -> int | None:
    """A community may keep its public timelines for those who are signed in."""
    viewer_id = reader_id(request)
    if viewer_id is None and not (await store.point(settings.current)).public_timelines:
        raise Unauthorized(NEEDS_USER)
    return viewer_id


ROUTES = [
    web.get("/api/v1/timelines/home", home),
    web.get("/api/v1/timelines/public", public),
    web.get("/api/v1/timelines/tag/{hashtag}", tag),
    web.get("/api/v1/timelines/link", link),
    web.get("/api/v1/timelines/list/{list_id}", of_list),
    web.get("/api/v1/timelines/direct", direct),
    web.get("/api/v1/accounts/{id}/statuses", of_account),
]
