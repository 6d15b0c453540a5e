"""https://docs.joinmastodon.org/methods/tags/ and methods/followed_tags/"""

from typing import Any

from aiohttp import web

from node import store
from node.errors import NotFound
from node.models import Tag
from node.paging import Page
from node.services.accounts import featured_tags
from node.services.discovery import tag_usage, tags
from node.text.tokens import hashtag_name
from web import pagination, params, responses, route
from web.entities.tag import tag_entity
from web.errors import NOT_FOUND
from web.inputs import paged, person, reader
from web.viewer import Viewer


async def show(request: web.Request, viewer_id: int | None) -> web.Response:
    name = params.text(request, "name")
    return responses.json(await store.point(_entity, name, viewer_id))


async def follow(request: web.Request, viewer: Viewer) -> web.Response:
    name = params.text(request, "name")
    await store.write(tags.follow, viewer.account_id, name)
    return responses.json(await store.point(_entity, name, viewer.account_id))


async def unfollow(request: web.Request, viewer: Viewer) -> web.Response:
    name = params.text(request, "name")
    await store.write(tags.unfollow, viewer.account_id, name)
    return responses.json(await store.point(_entity, name, viewer.account_id))


async def feature(request: web.Request, viewer: Viewer) -> web.Response:
    name = params.text(request, "name")
    await store.write(featured_tags.add, viewer.account_id, name)
    return responses.json(await store.point(_entity, name, viewer.account_id))


async def unfeature(request: web.Request, viewer: Viewer) -> web.Response:
    name = params.text(request, "name")
    await store.write(featured_tags.remove_named, viewer.account_id, name)
    return responses.json(await store.point(_entity, name, viewer.account_id))


async def followed(request: web.Request, viewer: Viewer, page: Page) -> web.Response:
    rows, entities = await store.point(_followed, viewer.account_id, page)
    return pagination.answer(request, entities, [row_id for row_id, _ in rows], page)


def entities_of(rows: list[Tag], account_id: int | None) -> list[dict[str, Any]]:
    """Inside a unit of work."""
    tag_ids = [tag.id for tag in rows]
    history = tag_usage.history(tag_ids)
    if account_id is None:
        return [tag_entity(tag, history[tag.id]) for tag in rows]
    followed = tags.is_followed(account_id, tag_ids)
    featured = featured_tags.featured_among(account_id, tag_ids)
    return [
        tag_entity(tag, history[tag.id], following=tag.id in followed, featuring=tag.id in featured) for tag in rows
    ]


def _entity(name: str, account_id: int | None) -> dict[str, Any]:
    """Of a tag that nobody has used yet, too, as long as it can be one."""
    known = hashtag_name(name)
    if known is None:
        raise NotFound(NOT_FOUND)
    return entities_of([tags.shown(known)], account_id)[0]


def _followed(account_id: int, page: Page) -> tuple[list[tuple[int, Tag]], list[dict[str, Any]]]:
    rows = tags.followed(account_id, page)
    return rows, entities_of([tag for _, tag in rows], account_id)


ROUTES = [
    route.get("/api/v1/tags/{name}", show, reader("read")),
    route.post("/api/v1/tags/{name}/follow", follow, person("write:follows")),
    route.post("/api/v1/tags/{name}/unfollow", unfollow, person("write:follows")),
    route.post("/api/v1/tags/{name}/feature", feature, person("write:accounts")),
    route.post("/api/v1/tags/{name}/unfeature", unfeature, person("write:accounts")),
    route.get("/api/v1/followed_tags", followed, person("read:follows"), paged(100, 200)),
]
