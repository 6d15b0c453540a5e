"""`/home`: what those write whom somebody follows, with a line where the reader stopped.

Opening the page moves nothing: the line is the marker that apps use too, and moves when the reader says so.
"""

from typing import Any

from aiohttp import web

from node import clock, store
from node.errors import BadInput
from node.models import FilterContext
from node.paging import Page
from node.services import timelines
from node.services.community import statistics
from node.services.discovery import suggestions, tag_usage, trends
from node.services.timelines import catch_up, markers
from web.entities.tag import tag_entity
from web.pages import announcements, answers, paging, posts
from web.pages.actions import who_acts


async def show(request: web.Request) -> web.Response:
    person = answers.require(request)
    page = paging.asked(request)
    first = not request.rel_url.raw_query_string
    ids, context = await store.point(_load, person.account_id, page, first)
    return await answers.show(request, "home.html", **context, **paging.links(request, ids, page))


async def mark_read(request: web.Request) -> web.Response:
    person, form = await who_acts(request)
    last_read_id = form.number("last_read_id")
    if last_read_id is None:
        raise BadInput("This is not the id of a post.")
    await store.write(markers.set_read, person.account_id, "home", last_read_id)
    return answers.done(request, answers.safe_path(form.text("next"), answers.HOME))


def _load(account_id: int, page: Page, first: bool) -> tuple[list[int], dict[str, Any]]:
    ids, statuses = posts.of_timeline(
        timelines.home, account_id, viewer_id=account_id, page=page, context=FilterContext.HOME
    )
    line = catch_up.read_line(account_id)
    talk = trends.tags(5)
    history = tag_usage.history([tag.id for tag in talk])
    return ids, {
        "statuses": statuses,
        "read_id": None if line is None else str(line[0]),
        "read_at": None if line is None else clock.iso(line[1]),
        "announcements": announcements.current(account_id, unread=True) if first else [],
        "catch_up": _catch_up(account_id, *line) if first and line is not None else None,
        "statistics": statistics.current()._asdict(),
        "suggestions": posts.people(suggestions.people(account_id)),
        "tags": [tag_entity(tag, history[tag.id]) for tag in talk],
    }


def _catch_up(account_id: int, read_id: int, read_at: int) -> dict[str, Any] | None:
    missed = catch_up.since(account_id, read_id, read_at)
    if missed is None:
        return None
    counts = dict(missed.authors)
    people = posts.people(counts)
    return {
        "count": missed.posts,
        "away_ms": missed.away_ms,
        "since_at": clock.iso(missed.since_at),
        "accounts": [{"account": one, "count": counts[int(one["id"])]} for one in people],
        "more": missed.more,
        "oldest": f"/home?min_id={read_id}",
        "newest": "/home?newest=1",
    }


ROUTES = [web.get("/home", show), web.post("/home/read", mark_read)]
