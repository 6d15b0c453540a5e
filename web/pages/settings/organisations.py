"""`/settings/organisations`: what somebody speaks for besides themself, what they are asked to join, and making one."""

import asyncio
from typing import Any

from aiohttp import web

from node import keys, store
from node.errors import Forbidden, NodeError
from node.services.access import logins, sessions
from node.services.accounts import view as account_view
from node.services.organisations import invitations, making
from node.services.organisations.invitations import Invitation
from node.speech import said
from web import params
from web.entities.account import account_entity
from web.pages import answers, forms
from web.viewer import Viewer

PAGE = invitations.PAGE
SWITCH = "/auth/switch"
_TEMPLATE = "settings/organisations.html"


async def show(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    return await answers.show(request, _TEMPLATE, **await store.point(_context, person))


async def make(request: web.Request) -> web.StreamResponse:
    person, form = answers.require(request), await forms.read(request)
    username, name = form.text("username").strip(), form.text("display_name")
    try:
        await store.point(making.check, person.user, username)
        pair = await asyncio.to_thread(keys.generate_rsa)
        account = await store.write(making.make, person.user, username, name, pair)
    except NodeError as refusal:
        return await answers.again(request, _TEMPLATE, refusal, form, **await store.point(_context, person))
    return answers.done(request, f"{PAGE}/{account.id}", "The organisation is made. Invite who shall write with you.")


async def accept(request: web.Request) -> web.StreamResponse:
    person, _ = answers.require(request), await forms.read(request)
    account_id = await store.write(invitations.accept, person.user_id, params.an_id(request))
    return answers.done(request, f"{PAGE}/{account_id}", "You are a member now.")


async def decline(request: web.Request) -> web.StreamResponse:
    person, _ = answers.require(request), await forms.read(request)
    await store.write(invitations.decline, person.user_id, params.an_id(request))
    return answers.done(request, PAGE, "The invitation is declined.")


async def switch(request: web.Request) -> web.StreamResponse:
    """Act as another account from here on, in this browser."""
    person = answers.require(request)
    form = await forms.read(request, any_account=True)
    account_id = form.number("account")
    if account_id is None or person.session_id is None:
        raise Forbidden("Choose one of your accounts.")
    account = await store.write(sessions.switch, person.user_id, person.session_id, account_id)
    where = answers.safe_path(form.text("next"))
    return answers.done(request, where, said("You act as @%(name)s now.", name=account.username))


def invited(found: list[Invitation]) -> list[dict[str, Any]]:
    """Of either side: the account of the other one."""
    views = account_view.views(one.account for one in found)
    return [
        {"id": str(one.id), "account": account_entity(view), "role": str(one.role)}
        for one, view in zip(found, views, strict=True)
    ]


def _context(person: Viewer) -> dict[str, Any]:
    user = logins.by_id(person.user_id)
    return {
        "accounts": answers.places(person),
        "invited": invited(invitations.to(person.capacity.home_id)),
        "may_make": user is not None and making.may_make(user),
    }


ROUTES = [
    web.get(PAGE, show),
    web.post(PAGE, make),
    web.post(PAGE + "/invitations/{id}/accept", accept),
    web.post(PAGE + "/invitations/{id}/decline", decline),
    web.post(SWITCH, switch),
]
