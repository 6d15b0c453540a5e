"""`/admin/rules`: what everybody here agrees to."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import NodeError
from node.models import Role
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
        await desk.write(person, rules.change, rule_id, form.text("text"), form.text("hint"), place)
    except NodeError as refusal:
        # What was typed belongs to one of the rules, not to the form for a new one.
        context = await _context(rule_id, form.text("text"), form.text("hint"))
        return await desk.again(request, "admin/rules.html", refusal, form, role=Role.ADMIN, **context, form={})
    return answers.done(request, _PAGE, "The rule is changed.")


async def remove(request: web.Request) -> web.StreamResponse:
    return await desk.act(
        request, _PAGE, "The rule is removed.", rules.remove, params.an_id(request), role=Role.ADMIN
    )


async def _context(rule_id: int = 0, text: str = "", hint: str = "") -> dict[str, Any]:
    """All rules; the one that could not be changed as it was typed."""
    entities = [rule_entity(rule) for rule in await store.read(rules.all_rules)]
    return {
        "rules": [
            entity | {"text": text, "hint": hint} if entity["id"] == str(rule_id) else entity for entity in entities
        ]
    }


ROUTES = [
    web.get(_PAGE, show),
    web.post(_PAGE, add),
    web.post(f"{_PAGE}/{{id}}", change),
    web.post(f"{_PAGE}/{{id}}/delete", remove),
]
