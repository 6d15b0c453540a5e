"""The form of a filter: what it shows, what it says, and what such a filter would have hidden last week."""

from collections.abc import Sequence
from typing import Any

import msgspec
from aiohttp import web

from node import clock, store
from node.errors import Invalid
from node.services.filters import changes as filters
from node.services.filters import preview as filter_preview
from node.services.filters.changes import FilterView, KeywordChange, Terms
from node.services.statuses import loading
from node.speech import said
from web.entities.filter import filter_entity
from web.pages import answers, posts
from web.pages.forms import Form
from web.rendering import words

TEMPLATE = "settings/filter.html"
_KEEP, _NEVER = "keep", "never"
_DURATIONS = {
    1_800: said("Half an hour"),
    3_600: said("An hour"),
    6 * 3_600: said("Six hours"),
    12 * 3_600: said("Twelve hours"),
    86_400: said("A day"),
    7 * 86_400: said("A week"),
}

Entity = dict[str, Any]
_Words = list[tuple[str, bool]]


def context(view: FilterView | None, named: Sequence[Entity] = ()) -> Entity:
    return {
        "filter": None if view is None else filter_entity(view) | {"is_over": is_over(view)},
        "words": [] if view is None else [one.keyword for one in view.keywords if one.whole_word],
        "parts": [] if view is None else [one.keyword for one in view.keywords if not one.whole_word],
        "named": named,
        "durations": words.said_choices(_DURATIONS.items()),
        "preview": None,
    }


def is_over(view: FilterView) -> bool:
    return view.filter.expires_at is not None and view.filter.expires_at <= clock.now_ms()


def load(account_id: int, filter_id: int) -> tuple[FilterView, list[Entity]]:
    """With the posts that it names, as far as they can be read still."""
    view = filters.get(account_id, filter_id)
    rows = {row.status_id: str(row.id) for row in view.statuses[-50:]}
    readable = loading.visible_ids(account_id, list(rows))
    return view, [one | {"row": rows[int(one["id"])]} for one in posts.of_ids(readable, account_id)]


def terms(form: Form) -> Terms:
    expiry, seconds = form.text("expires_in", _NEVER), form.number("expires_in")
    if expiry not in (_KEEP, _NEVER) and seconds not in _DURATIONS:
        raise Invalid("Please choose how long the filter is to last.", {"expires_in": "is not valid"})
    return Terms(
        title=form.text("title"),
        contexts=form.all("context"),
        action=form.text("filter_action"),
        expires_in=msgspec.UNSET if expiry == _KEEP else seconds,
    )


def keywords(form: Form) -> _Words:
    """A line each; the same one twice counts once."""
    lines = [(line, name == "words") for name in ("words", "parts") for line in form.text(name).splitlines()]
    return list(dict.fromkeys((text, whole) for line, whole in lines if (text := " ".join(line.split()))))


def changes(view: FilterView, wanted: _Words) -> list[KeywordChange]:
    """What makes the keywords of a filter those that are wanted: first what goes, because there is a limit."""
    there = {(row.keyword, bool(row.whole_word)): row.id for row in view.keywords}
    gone = [KeywordChange(id=row_id, is_removed=True) for word, row_id in there.items() if word not in wanted]
    return gone + [
        KeywordChange(keyword=text, whole_word=whole) for text, whole in wanted if (text, whole) not in there
    ]


async def preview(
    request: web.Request, form: Form, account_id: int, view: FilterView | None = None, named: Sequence[Entity] = ()
) -> web.Response:
    """The form again, and under it what it would have done; nothing is saved."""

    def find() -> Entity:
        status_ids = [] if view is None else [row.status_id for row in view.statuses]
        found = filter_preview.last_week(account_id, keywords(form), status_ids)
        shown = posts.of_ids(found.status_ids, account_id)
        return {"looked_at": found.looked_at, "matched": found.matched, "statuses": shown}

    looked = {"preview": await store.read(find)}
    return await answers.show(request, TEMPLATE, form=form.typed, **context(view, named) | looked)
