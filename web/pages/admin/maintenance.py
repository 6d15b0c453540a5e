"""`/admin/maintenance`: when the node is worked on, and what it does meanwhile."""

from typing import Any

from aiohttp import web

from node import clock, store
from node.errors import Invalid, NodeError
from node.models import Role
from node.services.community import maintenance
from node.services.community.maintenance import Window
from web import params
from web.pages import answers, forms
from web.pages.admin import desk
from web.pages.forms import Form
from web.rendering.page import pause_of

_PAGE = "/admin/maintenance"
_TEMPLATE = "admin/maintenance.html"


async def show(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request, Role.ADMIN)
    return await desk.show(request, _TEMPLATE, role=Role.ADMIN, **await _context())


async def plan(request: web.Request) -> web.StreamResponse:
    person = answers.require_staff(request, Role.ADMIN)
    form = await forms.read(request)
    try:
        await desk.write(person, maintenance.plan, _window(form))
    except NodeError as refusal:
        return await desk.again(request, _TEMPLATE, refusal, form, role=Role.ADMIN, **await _context())
    return answers.done(request, _PAGE, "It is planned. Everybody is told three days before.")


async def end(request: web.Request) -> web.StreamResponse:
    return await desk.act(
        request, _PAGE, "It is over, or called off.", maintenance.end, params.an_id(request), role=Role.ADMIN
    )


def _window(form: Form) -> Window:
    return Window(
        starts_at=_time(form, "starts_at"),
        ends_at=_time(form, "ends_at"),
        text=form.text("text"),
        read_only=form.flag("read_only"),
        holds_deliveries=form.flag("holds_deliveries"),
    )


def _time(form: Form, name: str) -> int:
    at = forms.moment(form, name)
    if at is None:
        raise Invalid("Please say when.", {name: "Please say when."})
    return at


async def _context() -> dict[str, Any]:
    now = clock.now_ms()
    rows = await store.read(maintenance.latest)
    return {
        "pauses": [pause_of(row) for row in reversed(rows) if row.ends_at > now],
        "over": [pause_of(row) for row in rows if row.ends_at <= now],
    }


ROUTES = [web.get(_PAGE, show), web.post(_PAGE, plan), web.post(f"{_PAGE}/{{id}}/end", end)]
