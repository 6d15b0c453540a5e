"""What somebody kept: bookmarks, for themselves alone, and favourites."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from node import store
from node.paging import Page
from node.services import timelines
from web.pages import answers, paging, posts

_KINDS: dict[str, Callable[[int, Page], list[tuple[int, int]]]] = {
    "bookmarks": timelines.bookmarks,
    "favourites": timelines.favourites,
}


async def show(request: web.Request) -> web.Response:
    person, page = answers.require(request), paging.asked(request)
    kind = request.match_info["kind"]

    def load() -> tuple[list[int], list[dict[str, Any]]]:
        rows = _KINDS[kind](person.account_id, page)
        statuses = posts.of_ids([status_id for _, status_id in rows], person.account_id)
        return [row_id for row_id, _ in rows], statuses

    ids, statuses = await store.point(load)
    return await answers.show(request, "saved.html", kind=kind, statuses=statuses, **paging.links(request, ids, page))


ROUTES = [web.get(f"/{{kind:{'|'.join(_KINDS)}}}", show)]
