"""`/admin/roles`: who runs this server, and what each role may do."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import Invalid, NodeError
from node.models import Account, Role
from node.paging import Page
from node.services.accounts import lookup as account_lookup
from node.services.moderation import decisions, member_search, members
from node.services.moderation.member_search import Wanted
from node.speech import said
from web.pages import answers, forms
from web.pages.admin import desk, entities

_PAGE = "/admin/roles"
_TEMPLATE = "admin/roles.html"
_MOST = 200


async def show(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request, Role.ADMIN)
    return await desk.show(request, _TEMPLATE, role=Role.ADMIN, people=await store.read(_staff))


async def give(request: web.Request) -> web.StreamResponse:
    person = answers.require_staff(request, Role.ADMIN)
    form = await forms.read(request)
    name = form.text("username").strip().lstrip("@")
    try:
        await desk.write(person, _give, name, form.text("role"))
    except NodeError as refusal:
        people = await store.read(_staff)
        return await desk.again(request, _TEMPLATE, refusal, form, role=Role.ADMIN, people=people)
    return answers.done(request, _PAGE, said("The role of @%(name)s is set.", name=name))


def _give(name: str, role: str, by: Account) -> None:
    """To somebody here, by name."""
    account = account_lookup.find(name)
    user = None if account is None else members.of([account])[0].user
    if user is None:
        sentence = said("Nobody of this name can sign in here.")
        raise Invalid(sentence, {"username": sentence})
    if role not in list(Role):
        raise Invalid("There is no such role.", {"role": "There is no such role."})
    decisions.set_role(user.id, Role(role), by)


def _staff() -> list[dict[str, Any]]:
    """Administrators first."""
    found = members.of(member_search.find(Wanted(roles=member_search.STAFF, local=True), Page(limit=_MOST)))
    return entities.admin_accounts(sorted(found, key=lambda one: -one.role.rank))


ROUTES = [web.get(_PAGE, show), web.post(_PAGE, give)]
