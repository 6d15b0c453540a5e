"""/api/v1/admin/tags: the hashtags that the staff may decide about, because they are talked about or were decided about.

Mastodon lists all, also those of private posts alone; here these are as private as the posts.
"""

from typing import Any

import msgspec
from aiohttp import web

from node import store
from node.errors import Invalid, NotFound
from node.models import Account, Tag, TrendKind
from node.paging import Page
from node.services.discovery import trend_review, trends
from web import pagination, params, responses, route
from web.api.admin import staff
from web.api.admin.trends import tag_entities
from web.entities.tag import number_of
from web.errors import NOT_FOUND
from web.inputs import moderator, paged, takes
from web.viewer import Viewer


class _Change(msgspec.Struct):
    display_name: str | None = None
    trendable: bool | None = None
    usable: bool | None = None
    listable: bool | None = None


async def show_all(request: web.Request, viewer: Viewer, page: Page) -> web.Response:
    numbers, entities = await store.read(_page, page, viewer.account_id)
    return pagination.answer(request, entities, numbers, page)


async def show(request: web.Request, viewer: Viewer) -> web.Response:
    return responses.json(await store.read(_one, params.an_id(request), viewer.account_id))


async def update(request: web.Request, viewer: Viewer, wish: _Change) -> web.Response:
    return responses.json(await staff.write(viewer, _change, params.an_id(request), wish))


def known() -> dict[int, str]:
    """Keys, by their ids in the API."""
    keys = {one.key for one in trends.candidates(TrendKind.TAG)} | trend_review.decided(TrendKind.TAG)
    return {int(number_of(key)): key for key in keys}


def _page(page: Page, viewer_id: int) -> tuple[list[int], list[dict[str, Any]]]:
    numbered = known()
    within = sorted((number for number in numbered if page.floor < number < page.max_id), reverse=not page.is_upward)
    numbers = sorted(within[: page.limit], reverse=True)
    rows = {row.key: row for row in Tag.select().where(Tag.key.in_([numbered[one] for one in numbers]))}
    shown = [one for one in numbers if numbered[one] in rows]
    return shown, tag_entities([rows[numbered[one]] for one in shown], viewer_id)


def _tag(number: int) -> Tag:
    tag = Tag.get_or_none(Tag.key == known().get(number, ""))
    if tag is None:
        raise NotFound(NOT_FOUND)
    return tag


def _one(number: int, viewer_id: int) -> dict[str, Any]:
    return tag_entities([_tag(number)], viewer_id)[0]


def _change(number: int, wish: _Change, by: Account) -> dict[str, Any]:
    tag = _tag(number)
    if wish.display_name not in (None, tag.name):
        raise Invalid("A hashtag is written as it was first.", {"display_name": "cannot be changed"})
    for name in ("usable", "listable"):
        if getattr(wish, name) is False:
            raise Invalid("Every hashtag can be used and found here.", {name: "cannot be switched off"})
    if wish.trendable is not None:
        trend_review.decide(TrendKind.TAG, tag.key, wish.trendable, by)
    return _one(number, by.id)


ROUTES = [
    route.get("/api/v1/admin/tags", show_all, moderator("admin:read"), paged(100, 200)),
    route.get("/api/v1/admin/tags/{id}", show, moderator("admin:read")),
    route.put("/api/v1/admin/tags/{id}", update, moderator("admin:write"), takes(_Change)),
]
