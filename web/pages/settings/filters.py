"""`/settings/filters`: what somebody does not want to read, and what that would have hidden last week."""

from collections.abc import Sequence
from typing import Any

import msgspec
from aiohttp import web

from node import clock, store
from node.errors import Invalid
from node.models import FilterAction, FilterContext
from node.services.filters import changes as filters
from node.services.filters import preview as filter_preview
from node.services.filters.changes import FilterView, KeywordChange, Terms
from node.services.statuses import loading
from node.speech import said, say
from web import params
from web.entities.filter import filter_entity
from web.pages import answers, confirming, forms, posts
from web.pages.forms import Form
from web.rendering import words

_PATH = "/settings/filters"
_TEMPLATE = "settings/filter.html"
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


async def show(request: web.Request) -> web.Response:
    person = answers.require(request)
    views = await store.point(filters.of_account, person.account_id)
    shown = [filter_entity(view) | {"is_over": _is_over(view)} for view in views]
    return await answers.show(request, "settings/filters.html", filters=shown)


async def begin(request: web.Request) -> web.Response:
    answers.require(request)
    return await answers.show(request, _TEMPLATE, **_context(None))


async def make(request: web.Request) -> web.Response:
    person, form = answers.require(request), await forms.read(request)
    try:
        if form.text("do") == "preview":
            return await _preview(request, form, person.account_id)
        changes = [KeywordChange(keyword=text, whole_word=whole) for text, whole in _words(form)]
        await store.write(filters.create, person.account_id, _terms(form), changes)
    except Invalid as refusal:
        return await answers.again(request, _TEMPLATE, refusal, form, **_context(None))
    return answers.done(request, _PATH, "The filter is on.")


async def edit(request: web.Request) -> web.Response:
    person = answers.require(request)
    view, named = await store.read(_load, person.account_id, params.an_id(request))
    return await answers.show(request, _TEMPLATE, **_context(view, named))


async def change(request: web.Request) -> web.Response:
    person, form, filter_id = answers.require(request), await forms.read(request), params.an_id(request)
    view, named = await store.read(_load, person.account_id, filter_id)
    try:
        if form.text("do") == "preview":
            return await _preview(request, form, person.account_id, view, named)
        changes = _changes(view, _words(form))
        await store.write(filters.update, person.account_id, filter_id, _terms(form), changes)
    except Invalid as refusal:
        return await answers.again(request, _TEMPLATE, refusal, form, **_context(view, named))
    return answers.done(request, _PATH, "Saved.")


async def show_again(request: web.Request) -> web.Response:
    """A post that the filter named is named no more."""
    person, form = answers.require(request), await forms.read(request)
    row = await store.write(filters.remove_status, person.account_id, form.number("row") or 0)
    return answers.done(request, f"{_PATH}/{row.filter_id}", "The post is shown again.")


async def ask_to_delete(request: web.Request) -> web.Response:
    person = answers.require(request)
    view = await store.point(filters.get, person.account_id, params.an_id(request))
    return await confirming.ask(
        request,
        title=said("Delete the filter “%(title)s”?", title=view.filter.title),
        text="What it hid is shown again.",
        button="Delete it",
        back=_PATH,
    )


async def delete(request: web.Request) -> web.Response:
    person, _ = answers.require(request), await forms.read(request)
    await store.write(filters.delete, person.account_id, params.an_id(request))
    return answers.done(request, _PATH, "The filter is gone.")


# ── from a post ──


async def choose(request: web.Request) -> web.Response:
    """`/statuses/{id}/filter`: which filter a post is to be added to."""
    person, status_id = answers.require(request), params.an_id(request)

    def load() -> tuple[Entity, list[Entity]]:
        return posts.one(person.account_id, status_id), list(
            map(filter_entity, filters.of_account(person.account_id))
        )

    status, own = await store.read(load)
    return await answers.show(request, "filter_post.html", status=status, filters=own)


async def add(request: web.Request) -> web.Response:
    """To the filter that was chosen, or to a new one for single posts."""
    person, form, status_id = answers.require(request), await forms.read(request), params.an_id(request)

    def work() -> None:
        filter_id, status = form.number("filter_id"), loading.get_original(person.account_id, status_id)
        if filter_id is None:
            terms = Terms(title=say("Single posts"), contexts=list(FilterContext), action=FilterAction.HIDE)
            filter_id = filters.create(person.account_id, terms).filter.id
        filters.add_status(person.account_id, filter_id, status.id)

    await store.write(work)
    return answers.done(request, answers.safe_path(form.text("next"), answers.HOME), "The post is filtered.")


# ── the form ──


def _context(view: FilterView | None, named: Sequence[Entity] = ()) -> Entity:
    return {
        "filter": None if view is None else filter_entity(view) | {"is_over": _is_over(view)},
        "words": [] if view is None else [one.keyword for one in view.keywords if one.whole_word],
        "parts": [] if view is None else [one.keyword for one in view.keywords if not one.whole_word],
        "named": named,
        "durations": words.said_choices(_DURATIONS.items()),
        "preview": None,
    }


def _is_over(view: FilterView) -> bool:
    return view.filter.expires_at is not None and view.filter.expires_at <= clock.now_ms()


def _load(account_id: int, filter_id: int) -> tuple[FilterView, list[Entity]]:
    """With the posts that it names, as far as they can be read still."""
    view = filters.get(account_id, filter_id)
    rows = {row.status_id: str(row.id) for row in view.statuses[-50:]}
    readable = loading.visible_ids(account_id, list(rows))
    return view, [one | {"row": rows[int(one["id"])]} for one in posts.of_ids(readable, account_id)]


def _terms(form: Form) -> Terms:
    expiry, seconds = form.text("expires_in", _NEVER), form.number("expires_in")
    if expiry not in (_KEEP, _NEVER) and seconds not in _DURATIONS:
        raise Invalid("Please choose how long the filter is to last.", {"expires_in": "is not valid"})
    return Terms(
        title=form.text("title"),
        contexts=form.all("context"),
        action=form.text("filter_action"),
        expires_in=msgspec.UNSET if expiry == _KEEP else seconds,
    )


def _words(form: Form) -> _Words:
    """A line each; the same one twice counts once."""
    lines = [(line, name == "words") for name in ("words", "parts") for line in form.text(name).splitlines()]
    return list(dict.fromkeys((text, whole) for line, whole in lines if (text := " ".join(line.split()))))


def _changes(view: FilterView, wanted: _Words) -> list[KeywordChange]:
    """What makes the keywords of a filter those that are wanted: first what goes, because there is a limit."""
    there = {(row.keyword, bool(row.whole_word)): row.id for row in view.keywords}
    gone = [KeywordChange(id=row_id, is_removed=True) for word, row_id in there.items() if word not in wanted]
    return gone + [
        KeywordChange(keyword=text, whole_word=whole) for text, whole in wanted if (text, whole) not in there
    ]


async def _preview(
    request: web.Request, form: Form, account_id: int, view: FilterView | None = None, named: Sequence[Entity] = ()
) -> web.Response:
    """The form again, and under it what it would have done; nothing is saved."""

    def load() -> Entity:
        status_ids = [] if view is None else [row.status_id for row in view.statuses]
        found = filter_preview.last_week(account_id, _words(form), status_ids)
        shown = posts.of_ids(found.status_ids, account_id)
        return {"looked_at": found.looked_at, "matched": found.matched, "statuses": shown}

    context = _context(view, named) | {"preview": await store.read(load)}
    return await answers.show(request, _TEMPLATE, form=form.typed, **context)


ROUTES = [
    web.get(_PATH, show),
    web.post(_PATH, make),
    web.get(_PATH + "/new", begin),
    web.get(_PATH + "/{id}", edit),
    web.post(_PATH + "/{id}", change),
    web.post(_PATH + "/{id}/show", show_again),
    web.get(_PATH + "/{id}/delete", ask_to_delete),
    web.post(_PATH + "/{id}/delete", delete),
    web.get("/statuses/{id}/filter", choose),
    web.post("/statuses/{id}/filter", add),
]
