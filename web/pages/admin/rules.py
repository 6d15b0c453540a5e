"""`/admin/rules`: what everybody here agrees to."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import NodeError
from node.models import Account, Role
from node.services.community import rules
from web import params
from web.entities.rule import rule_entity
from web.pages import answers, forms
from web.pages.admin import desk

_PAGE = "/admin/rules"


async def show(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request, Role.ADMIN)
    return await desk.show(request, "admin/rules.html", role=Role.ADMIN, **await _context())


async def add(request: web.Request) -> web.StreamResponse:
    person = answers.require_staff(request, Role.ADMIN)
    form = await forms.read(request)
    try:
        await desk.write(person, rules.add, form.text("text"), form.text("hint"))
    except NodeError as refusal:
        return await desk.again(request, "admin/rules.html", refusal, form, role=Role.ADMIN, **await _context())
    return answers.done(request, _PAGE, "The rule is added.")


async def change(request: web.Request) -> web.StreamResponse:
    person = answers.require_staff(request, Role.ADMIN)
    form = await forms.read(request)
    rule_id, place = params.an_id(request), form.number("position", most=rules.MAX_RULES)
    try:
        await desk.write(
            person, _change, rule_id, form.text("text"), form.text("hint"), place, form.text("translations")
        )
    except NodeError as refusal:
        # What was typed belongs to one of the rules, not to the form for a new one.
        typed = {name: form.text(name) for name in ("text", "hint", "translations")}
        context = await _context(rule_id, typed)
        return await desk.again(request, "admin/rules.html", refusal, form, role=Role.ADMIN, **context, form={})
    return answers.done(request, _PAGE, "The rule is changed.")


async def remove(request: web.Request) -> web.StreamResponse:
    return await desk.act(
        request, _PAGE, "The rule is removed.", rules.remove, params.an_id(request), role=Role.ADMIN
    )


def _change(rule_id: int, text: str, hint: str, place: int | None, lines: str, by: Account) -> None:
    rules.change(rule_id, text, hint, place, by)
    rules.translate(rule_id, lines, by)


async def _context(rule_id: int = 0, typed: dict[str, str] | None = None) -> dict[str, Any]:
    """All rules; the one that could not be changed as it was typed."""
    listed = await store.read(rules.all_rules)
    entities = [rule_entity(rule) | {"translations": rules.translation_lines(rule)} for rule in listed]
    return {"rules": [entity | (typed or {}) if entity["id"] == str(rule_id) else entity for entity in entities]}


ROUTES = [
    web.get(_PAGE, show),
    web.post(_PAGE, add),
    web.post(f"{_PAGE}/{{id}}", change),
    web.post(f"{_PAGE}/{{id}}/delete", remove),
]
