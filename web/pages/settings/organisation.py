"""`/settings/organisations/<id>`: its members, and who did what. Nobody else learns that there is such a page."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from node import clock, store
from node.errors import NodeError, NotFound
from node.models import Deed, MemberRole
from node.paging import Page
from node.services.accounts import lookup as account_lookup
from node.services.accounts import view as account_view
from node.services.organisations import deeds, invitations, members
from web import params
from web.entities.account import account_entity
from web.pages import answers, confirming, forms, paging
from web.pages.forms import Form
from web.pages.handles import Handle
from web.pages.settings.organisations import PAGE, invited
from web.rendering import member_words
from web.viewer import Viewer

_TEMPLATE, _LOG = "settings/organisation.html", "settings/organisation_log.html"
_ONE = PAGE + "/{id}"
_MEMBER = _ONE + "/members/{member}"


async def show(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    return await answers.show(request, _TEMPLATE, **await store.point(_context, person, params.an_id(request)))


async def show_log(request: web.Request) -> web.StreamResponse:
    person, page = answers.require(request), paging.asked(request)
    context, rows = await store.read(_log, person, params.an_id(request), page)
    return await answers.show(request, _LOG, **context, **paging.links(request, rows, page))


async def invite(request: web.Request) -> web.StreamResponse:
    person, form = answers.require(request), await forms.read(request)
    account_id = params.an_id(request)
    try:
        await store.write(invitations.invite, person.user_id, account_id, form.text("handle"), _role(form))
    except NotFound:
        raise
    except NodeError as refusal:
        context = await store.point(_context, person, account_id)
        return await answers.again(request, _TEMPLATE, refusal, form, **context)
    return answers.done(request, _path(account_id), "The invitation waits for an answer.")


async def withdraw(request: web.Request) -> web.StreamResponse:
    person, _ = answers.require(request), await forms.read(request)
    account_id, invitation_id = params.an_id(request), params.an_id(request, "invitation")
    await store.write(invitations.withdraw, person.user_id, account_id, invitation_id)
    return answers.done(request, _path(account_id), "The invitation is taken back.")


async def set_role(request: web.Request) -> web.StreamResponse:
    person, form = answers.require(request), await forms.read(request)
    account_id, member_id = params.an_id(request), params.an_id(request, "member")
    change = members.change_role
    return await _changed(request, person, form, lambda: change(person.user_id, account_id, member_id, _role(form)))


async def ask_to_remove(request: web.Request) -> web.StreamResponse:
    person, account_id = answers.require(request), params.an_id(request)
    await store.point(members.require_owner, person.user_id, account_id)
    return await confirming.ask(
        request,
        title="Remove this member?",
        text="This person acts for the organisation no more, in no browser and in no app, from this moment on.",
        button="Remove",
        back=_path(account_id),
    )


async def remove(request: web.Request) -> web.StreamResponse:
    person, form = answers.require(request), await forms.read(request)
    account_id, member_id = params.an_id(request), params.an_id(request, "member")
    return await _changed(request, person, form, lambda: members.remove(person.user_id, account_id, member_id))


async def ask_to_leave(request: web.Request) -> web.StreamResponse:
    person, account_id = answers.require(request), params.an_id(request)
    await store.point(members.role_of, person.user_id, account_id)
    return await confirming.ask(
        request,
        title="Leave this organisation?",
        text="You act for it no more from this moment on. To come back, you need another invitation.",
        button="Leave",
        back=_path(account_id),
    )


async def leave(request: web.Request) -> web.StreamResponse:
    person, form = answers.require(request), await forms.read(request)
    account_id = params.an_id(request)
    return await _changed(request, person, form, lambda: members.leave(person.user_id, account_id), PAGE)


async def _changed(
    request: web.Request, person: Viewer, form: Form, change: Callable[[], None], back: str = ""
) -> web.StreamResponse:
    """The page again, with what is against it, or the way on."""
    account_id = params.an_id(request)
    try:
        await store.write(change)
    except NotFound:
        raise
    except NodeError as refusal:
        context = await store.point(_context, person, account_id)
        return await answers.again(request, _TEMPLATE, refusal, form, **context)
    return answers.done(request, back or _path(account_id), "Saved.")


def _context(person: Viewer, account_id: int) -> dict[str, Any]:
    """NotFound for who is no member."""
    role, found = members.role_of(person.user_id, account_id), members.of(account_id)
    views = account_view.views(one.account for one in found)
    people = [
        {"account": account_entity(view), "role": str(one.role), "since": clock.iso(one.since)}
        for one, view in zip(found, views, strict=True)
    ]
    return {
        "organisation": _entity(account_id),
        "people": people,
        "role": str(role),
        "home_id": str(person.capacity.home_id),
        "invited": invited(invitations.of(account_id)),
    }


def _log(person: Viewer, account_id: int, page: Page) -> tuple[dict[str, Any], list[int]]:
    role, rows = members.role_of(person.user_id, account_id), deeds.page(account_id, page)
    named = {an_id for row in rows for an_id in (row.by_id, row.about_id) if an_id is not None}
    found = account_lookup.by_ids(sorted(named))
    names = {an_id: str(Handle(one.username, one.domain)) for an_id, one in found.items() if not one.is_gone}
    shown = [_shown(row, names) for row in rows]
    return {"organisation": _entity(account_id), "deeds": shown, "role": str(role)}, [row.id for row in rows]


def _shown(row: Deed, names: dict[int, str]) -> dict[str, Any]:
    return {
        "who": names.get(row.by_id or 0, ""),
        "text": member_words.deed(row.act, names.get(row.about_id or 0, ""), row.detail),
        "status_id": None if row.status_id is None else str(row.status_id),
        "at": clock.iso(row.created_at),
    }


def _entity(account_id: int) -> dict[str, Any]:
    account = account_lookup.by_id(account_id)
    if account is None:
        raise NotFound(account_lookup.NOT_FOUND)
    return account_entity(account_view.view(account))


def _role(form: Form) -> MemberRole:
    """What is none of the roles is refused as one's own would be (node/services/organisations)."""
    text = form.text("role")
    return MemberRole(text) if text in list(MemberRole) else MemberRole.SELF


def _path(account_id: int) -> str:
    return f"{PAGE}/{account_id}"


ROUTES = [
    web.get(_ONE, show),
    web.get(_ONE + "/log", show_log),
    web.post(_ONE + "/invite", invite),
    web.post(_ONE + "/invitations/{invitation}/withdraw", withdraw),
    web.post(_MEMBER + "/role", set_role),
    web.get(_MEMBER + "/remove", ask_to_remove),
    web.post(_MEMBER + "/remove", remove),
    web.get(_ONE + "/leave", ask_to_leave),
    web.post(_ONE + "/leave", leave),
]
