"""`/admin/presets`: what the staff often writes to people whom it decides about."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import NodeError
from node.models import Role
from node.services.moderation import warning_presets
from web import params
from web.pages import answers, forms
from web.pages.admin import desk

_PAGE = "/admin/presets"
_TEMPLATE = "admin/presets.html"


async def show(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request, Role.ADMIN)
    return await desk.show(request, _TEMPLATE, role=Role.ADMIN, presets=await store.read(listed))


async def add(request: web.Request) -> web.StreamResponse:
    person = answers.require_staff(request, Role.ADMIN)
    form = await forms.read(request)
    try:
        await desk.write(person, warning_presets.add, form.text("title"), form.text("text"))
    except NodeError as refusal:
        presets = await store.read(listed)
        return await desk.again(request, _TEMPLATE, refusal, form, role=Role.ADMIN, presets=presets)
    return answers.done(request, _PAGE, "Added.")


async def change(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request, Role.ADMIN)
    form = await forms.read(request)
    words = form.text("title"), form.text("text")
    verb, args = warning_presets.change, (params.an_id(request), *words)
    return await desk.act(request, _PAGE, "Saved.", verb, *args, role=Role.ADMIN)


async def remove(request: web.Request) -> web.StreamResponse:
    return await desk.act(request, _PAGE, "Removed.", warning_presets.remove, params.an_id(request), role=Role.ADMIN)


def listed() -> list[dict[str, Any]]:
    return [{"id": str(row.id), "title": row.title, "text": row.text} for row in warning_presets.all_presets()]


ROUTES = [
    web.get(_PAGE, show),
    web.post(_PAGE, add),
    web.post(f"{_PAGE}/{{id}}", change),
    web.post(f"{_PAGE}/{{id}}/delete", remove),
]
