"""`/admin/announcements`: what everybody here shall know."""

from typing import Any

from aiohttp import web

from node import clock, store
from node.errors import NodeError
from node.models import Role
from node.services.community import announcements
from web import params
from web.pages import answers, forms
from web.pages.admin import desk
from web.pages.forms import Form

_PAGE = "/admin/announcements"
_TEMPLATE = "admin/announcements.html"


async def show(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request, Role.ADMIN)
    return await desk.show(request, _TEMPLATE, role=Role.ADMIN, **await _context())


async def publish(request: web.Request) -> web.StreamResponse:
    person, form = answers.require_staff(request, Role.ADMIN), await forms.read(request)
    try:
        await desk.write(person, announcements.publish, form.text("text"), forms.moment(form, "ends_at"))
    except NodeError as refusal:
        return await desk.again(request, _TEMPLATE, refusal, form, role=Role.ADMIN, **await _context())
    return answers.done(request, _PAGE, "Everybody here is told.")


async def change(request: web.Request) -> web.StreamResponse:
    person, form = answers.require_staff(request, Role.ADMIN), await forms.read(request)
    row_id = params.an_id(request)
    try:
        await desk.write(person, announcements.change, row_id, form.text("text"), forms.moment(form, "ends_at"))
    except NodeError as refusal:
        # What was typed belongs to one of them, not to the form for a new one.
        context = await _context(row_id, form)
        return await desk.again(request, _TEMPLATE, refusal, form, role=Role.ADMIN, **context, form={})
    return answers.done(request, _PAGE, "The announcement is changed.")


async def remove(request: web.Request) -> web.StreamResponse:
    return await desk.act(
        request, _PAGE, "The announcement is removed.", announcements.remove, params.an_id(request), role=Role.ADMIN
    )


async def _context(row_id: int = 0, form: Form | None = None) -> dict[str, Any]:
    """All of them; the one that could not be changed as it was typed."""
    now, shown = clock.now_ms(), []
    for row in await store.read(announcements.all_of_them):
        ends_at = "" if row.ends_at is None else clock.iso(row.ends_at)[:16]
        entity = {
            "id": str(row.id),
            "text": row.text,
            "ends_at": ends_at,
            "created_at": clock.iso(row.created_at),
            "is_over": row.ends_at is not None and row.ends_at <= now,
        }
        if form is not None and row.id == row_id:
            entity |= {"text": form.text("text"), "ends_at": form.text("ends_at")}
        shown.append(entity)
    return {"announcements": shown}


ROUTES = [
    web.get(_PAGE, show),
    web.post(_PAGE, publish),
    web.post(f"{_PAGE}/{{id}}", change),
    web.post(f"{_PAGE}/{{id}}/delete", remove),
]
