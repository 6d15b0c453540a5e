"""`/admin/invites`: everybody's invitations."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import NodeError
from node.paging import Page
from node.services.access import invites
from web.entities.account import account_entity
from web.pages import answers, forms
from web.pages.admin import desk, entities
from web.pages.settings.invites import entity, make

_PAGE = "/admin/invites"
_SHOWN = 200


async def show(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request)
    return await desk.show(request, "admin/invites.html", **await store.read(_load))


async def create(request: web.Request) -> web.StreamResponse:
    person = answers.require_staff(request)
    form = await forms.read(request)
    try:
        await make(person, form)
    except NodeError as refusal:
        return await desk.again(request, "admin/invites.html", refusal, form, **await store.read(_load))
    return answers.done(request, _PAGE, "The invitation is made. Pass its address on.")


def _load() -> dict[str, Any]:
    rows = invites.all_of_them(Page(limit=_SHOWN))
    people = entities.accounts_by_id(row.account for row in rows)
    return {
        "invites": [entity(row) | {"account": account_entity(people[row.account])} for row in rows],
        "allowed": True,
    }


ROUTES = [web.get(_PAGE, show), web.post(_PAGE, create)]
