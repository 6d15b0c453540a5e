"""`/home`: what those write whom somebody follows, with a line where the reader stopped.

Opening the page moves nothing: the line is the marker that apps use too, and moves when the reader says so.
"""

from dataclasses import replace
from typing import Any, NamedTuple

from aiohttp import web

from node import clock, store
from node.errors import BadInput
from node.models import FilterContext
from node.paging import LARGEST_ID, Page
from node.services import timelines
from node.services.community import statistics
from node.services.discovery import suggestions, tag_usage, trends
from node.services.relationships import lists
from node.services.timelines import boosters, catch_up, markers
from node.services.timelines.kinds import Kind
from web import params
from web.entities.tag import tag_entity
from web.pages import announcements, answers, entries, paging, posts
from web.pages.actions import who_acts
from web.pages.entries import Entry
from web.pages.forms import Form

_TABS = 3  # lists that stand beside the timeline; the others are in the navigation
_NAMED = 2  # of those who boosted a post, so many are named; the others are counted

Entity = dict[str, Any]


async def show(request: web.Request) -> web.Response:
    person = answers.require(request)
    asked = Form(params.query_items(request))
    wish = _Wish(paging.asked(request), asked.text("order") == "oldest", _kind(asked.text("only")))
    first = not request.rel_url.raw_query_string
    page, ids, line, context = await store.point(_load, person.account_id, wish, first)
    if first and line is not None and catch_up.is_away(line[1]):
        context["catch_up"] = await store.read(_catch_up, person.account_id, *line)
    return await answers.show(request, "home.html", **context, **paging.links(request, ids, page))


async def mark_read(request: web.Request) -> web.Response:
    person, form = await who_acts(request)
    last_read_id = form.number("last_read_id")
    if last_read_id is None:
        raise BadInput("This is not the id of a post.")
    await store.write(markers.set_read, person.account_id, "home", last_read_id)
    return answers.done(request, answers.safe_path(form.text("next"), answers.HOME))


class _Wish(NamedTuple):
    """What of the timeline is asked for, in which order."""

    page: Page
    oldest: bool
    only: Kind | None


def _kind(text: str) -> Kind | None:
    """What is no kind is all of them: the address may be an old one."""
    return Kind(text) if text in set(Kind) else None


_Line = tuple[int, int] | None


def _load(account_id: int, wish: _Wish, first: bool) -> tuple[Page, list[int], _Line, dict[str, Any]]:
    line = catch_up.read_line(account_id)
    read_id = 0 if line is None else line[0]
    page = wish.page
    if wish.oldest and not page.is_upward and page.max_id == LARGEST_ID:
        page = replace(page, min_id=read_id)  # from where somebody stopped
    ids, statuses = posts.of_timeline(
        timelines.home, account_id, viewer_id=account_id, page=page, context=FilterContext.HOME, only=wish.only
    )
    by_whom = boosters.of(account_id, [int((one["reblog"] or one)["id"]) for one in statuses])
    suggested = suggestions.beside(account_id)
    named = [booster_id for booster_ids in by_whom.values() for booster_id in booster_ids[:_NAMED]]
    friends = [one for one in suggested.values() if one is not None]
    people = posts.people(dict.fromkeys([*suggested, *friends, *named]))
    shown = _entries(statuses[::-1] if wish.oldest else statuses, read_id, by_whom, people)
    talk = trends.tags(5)
    history = tag_usage.history([tag.id for tag in talk])
    context = {
        "entries": shown,
        "line_at": entries.line_at(shown, oldest=wish.oldest, from_line=bool(read_id) and page.min_id == read_id),
        "newest_id": str(max(ids, default=0)),
        "oldest": wish.oldest,
        "only": wish.only,
        "read_id": None if line is None else str(read_id),
        "read_at": None if line is None else clock.iso(line[1]),
        "announcements": announcements.current(account_id, unread=True) if first else [],
        "catch_up": None,
        "lists": [{"id": str(row.id), "title": row.title} for row in lists.of_account(account_id)[:_TABS]],
        "statistics": statistics.current()._asdict(),
        "suggestions": _suggestions(suggested, people),
        "tags": [tag_entity(tag, history[tag.id]) for tag in talk],
    }
    return page, ids, line, context


def _suggestions(suggested: dict[int, int | None], people: list[Entity]) -> list[tuple[Entity, Entity | None]]:
    """Each with the friend who follows them."""
    known = {int(one["id"]): one for one in people}
    return [(known[one], known.get(friend or 0)) for one, friend in suggested.items() if one in known]


def _entries(
    statuses: list[Entity], read_id: int, by_whom: dict[int, list[int]], people: list[Entity]
) -> list[Entry]:
    known = {int(one["id"]): one for one in people}
    first = {
        str(status_id): [known[one] for one in ids[:_NAMED] if one in known] for status_id, ids in by_whom.items()
    }
    return entries.entries(statuses, read_id, first, {str(one): len(ids) for one, ids in by_whom.items()})


def _catch_up(account_id: int, read_id: int, read_at: int) -> dict[str, Any] | None:
    missed = catch_up.since(account_id, read_id, read_at)
    if missed is None:
        return None
    counts = dict(missed.authors)
    people = posts.people(counts)
    oldest = f"/home?order=oldest&min_id={read_id}"
    return {
        "count": missed.posts,
        "away_ms": missed.away_ms,
        "since_at": clock.iso(missed.since_at),
        "accounts": [{"account": one, "count": counts[int(one["id"])]} for one in people],
        "more": missed.more,
        "lists": _lists(account_id, read_id) if missed.kinds.get(Kind.LISTS) else [],
        "kinds": [(kind, f"{oldest}&only={kind}", missed.kinds[kind]) for kind in Kind if missed.kinds.get(kind)],
        "oldest": oldest,
        "newest": "/home?newest=1",
    }


def _lists(account_id: int, read_id: int) -> list[tuple[str, str, int]]:
    """The first lists of which something came: title, address from where the reader stopped, and how much."""
    counts = catch_up.in_lists(account_id, read_id)
    came = [row for row in lists.of_account(account_id) if row.id in counts]
    return [(row.title, f"/lists/{row.id}?min_id={read_id}", counts[row.id]) for row in came[:_TABS]]


ROUTES = [web.get("/home", show), web.post("/home/read", mark_read)]
