"""`/explore`: what is being talked about – posts, hashtags and links – and whom one might like to follow."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from node import store
from node.models import FilterContext
from node.services.discovery import links, suggestions, tag_usage, trends
from web.entities.card import link_entity
from web.entities.tag import tag_entity
from web.pages import paging, posts, timelines, visitors

_SUGGESTED = 5

Entity = dict[str, Any]


def _posts(reader_id: int | None, offset: int) -> tuple[int, Entity]:
    ids = trends.statuses(reader_id, paging.SIZE, offset)
    return len(ids), {"statuses": posts.of_ids(ids, reader_id, FilterContext.PUBLIC)}


def _tags(_: int | None, offset: int) -> tuple[int, Entity]:
    rows = trends.tags(paging.SIZE, offset)
    history = tag_usage.history([row.id for row in rows])
    return len(rows), {"tags": [tag_entity(row, history[row.id]) for row in rows]}


def _links(reader_id: int | None, offset: int) -> tuple[int, Entity]:
    ids = trends.links(paging.SIZE, offset)
    return len(ids), {"links": [link_entity(one, reader_id) for one in links.load(ids)]}


_TABS: dict[str, Callable[[int | None, int], tuple[int, Entity]]] = {"posts": _posts, "tags": _tags, "links": _links}


async def show(request: web.Request) -> web.Response:
    return await _tab(request, "posts")


async def show_tab(request: web.Request) -> web.Response:
    return await _tab(request, request.match_info["tab"])


async def _tab(request: web.Request, tab: str) -> web.Response:
    reader_id, offset = timelines.allowed_reader(request), paging.offset(request)

    def load() -> tuple[int, Entity]:
        count, context = _TABS[tab](reader_id, offset)
        # Further pages are put below the first one, which has them.
        known = [] if reader_id is None or offset else suggestions.suggested(reader_id, _SUGGESTED)
        people = posts.people(one.account_id for one in known)
        return count, {**context, "suggestions": people, "relationships": posts.relations(reader_id, people)}

    async def context() -> Entity:
        count, found = await store.read(load)
        return {"tab": tab, **found, **paging.counted_links(request, count, paging.SIZE)}

    return await visitors.show(request, "explore.html", context)


ROUTES = [web.get("/explore", show), web.get("/explore/{tab:tags|links}", show_tab)]
