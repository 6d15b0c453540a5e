"""`/settings/deletion`: which of one's old posts go by themselves."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import NodeError
from node.services.statuses import auto_deletion
from node.services.statuses.auto_deletion import Chosen, Count, Rule
from node.speech import said
from web.pages import answers, forms
from web.pages.forms import Form
from web.rendering import words

_PAGE = "/settings/deletion"
_TEMPLATE = "settings/deletion.html"
_AGES = {
    7: said("A week"),
    14: said("Two weeks"),
    30: said("A month"),
    60: said("Two months"),
    90: said("Three months"),
    180: said("Half a year"),
    365: said("A year"),
    730: said("Two years"),
}
_KEEPS = ("keep_pinned", "keep_favourited", "keep_bookmarked", "keep_polls", "keep_media", "keep_direct")


async def show(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    chosen = await store.point(auto_deletion.of, person.account_id)
    return await answers.show(request, _TEMPLATE, **_context(chosen))


async def save(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    form = await forms.read(request)
    rule, enabled = _rule(form), form.flag("enabled")
    try:
        if form.text("do") == "preview":
            count = await store.read(auto_deletion.preview, person.account_id, rule)
            return await answers.show(request, _TEMPLATE, **_context(Chosen(enabled, rule), count))
        await store.write(lambda: auto_deletion.choose(person.account_id, rule, enabled=enabled))
    except NodeError as refusal:
        return await answers.again(request, _TEMPLATE, refusal, form, **_context(Chosen(enabled, rule)))
    return answers.done(
        request, _PAGE, "Saved. Old posts go from now on, a few each minute." if enabled else "Saved."
    )


def _rule(form: Form) -> Rule:
    return Rule(
        min_age_days=form.number("min_age_days") or 0,
        min_favourites=_threshold(form, "min_favourites"),
        min_reblogs=_threshold(form, "min_reblogs"),
        **{name: form.flag(name) for name in _KEEPS},
    )


def _threshold(form: Form, name: str) -> int | None:
    """0, which is none that one can have, for what is no number."""
    return (form.number(name) or 0) if form.text(name).strip() else None


def _context(chosen: Chosen, count: Count | None = None) -> dict[str, Any]:
    return {"enabled": chosen.enabled, "rule": chosen.rule, "ages": words.said_choices(_AGES.items()), "count": count}


ROUTES = [web.get(_PAGE, show), web.post(_PAGE, save)]
