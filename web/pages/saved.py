"""What somebody kept: bookmarks, for themselves alone, and favourites."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from node import store
from node.paging import Page
from node.services import timelines
from node.services.discovery import search
from web import params
from web.pages import answers, paging, posts
from web.pages.forms import Form

_LONGEST = 500  # characters that somebody looks for

_KINDS: dict[str, Callable[[int, Page], list[tuple[int, int]]]] = {
    "bookmarks": timelines.bookmarks,
    "favourites": timelines.favourites,
}


async def show(request: web.Request) -> web.Response:
    """All of it, or what `?q=` finds in it: words, and the operators of the search."""
    person, page = answers.require(request), paging.asked(request)
    kind, q = request.match_info["kind"], Form(params.query_items(request)).text("q").strip()[:_LONGEST]

    def load() -> tuple[list[int], list[dict[str, Any]]]:
        if q:
            found = search.statuses(person.account_id, f"in:{kind} {q}", page)
            return found, posts.of_ids(found, person.account_id)
        rows = _KINDS[kind](person.account_id, page)
        statuses = posts.of_ids([status_id for _, status_id in rows], person.account_id)
        return [row_id for row_id, _ in rows], statuses

    ids, statuses = await (store.read if q else store.point)(load)
    links = paging.links(request, ids, page)
    return await answers.show(request, "saved.html", kind=kind, q=q, statuses=statuses, **links)


ROUTES = [web.get(f"/{{kind:{'|'.join(_KINDS)}}}", show)]
