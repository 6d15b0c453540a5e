"""`/settings/moving`: another name, other accounts of the same person, and moving to one of them."""

from typing import Any

from aiohttp import web

from federation.context import FEDERATION
from federation.finding import moving
from node import clock, store
from node.errors import Invalid, NodeError
from node.services import accounts
from node.services.accounts import ProfileChange
from node.services.accounts import lookup as account_lookup
from node.services.accounts import view as account_view
from node.speech import said
from web.entities.account import account_entity
from web.pages import answers, forms
from web.pages.door import entering
from web.pages.forms import Form
from web.viewer import Viewer

_PAGE = "/settings/moving"
_TEMPLATE = "settings/moving.html"


async def show(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    return await answers.show(request, _TEMPLATE, **await store.point(_load, person.account_id))


async def change_name(request: web.Request) -> web.StreamResponse:
    person, form = answers.require(request), await forms.read(request)
    try:
        await _check_password(request, person, form, "name_password")
        account = await store.write(accounts.rename, person.account_id, form.text("username"), person.capacity.by)
    except NodeError as refusal:
        return await _again(request, refusal, form, person)
    return answers.done(request, _PAGE, said("Your name is @%(username)s now.", username=account.username))


async def add_alias(request: web.Request) -> web.StreamResponse:
    person, form = answers.require(request), await forms.read(request)
    try:
        other = await moving.add_alias(
            request.app[FEDERATION], person.account_id, form.text("handle"), person.capacity.by
        )
    except NodeError as refusal:
        return await _again(request, refusal, form, person)
    return answers.done(request, _PAGE, said("@%(username)s may move here now.", username=other.username))


async def remove_alias(request: web.Request) -> web.StreamResponse:
    person, form = answers.require(request), await forms.read(request)
    await store.write(_remove_alias, person, form.text("uri"))
    return answers.done(request, _PAGE, "The alias is removed.")


async def move(request: web.Request) -> web.StreamResponse:
    person, form = answers.require(request), await forms.read(request)
    try:
        await _check_password(request, person, form, "password")
        new = await moving.move(request.app[FEDERATION], person.account_id, form.text("target"), person.capacity.by)
    except NodeError as refusal:
        if isinstance(refusal, Invalid) and "handle" in refusal.fields:
            refusal = Invalid(refusal.sentence, {"target": refusal.sentence})
        return await _again(request, refusal, form, person)
    return answers.done(
        request, _PAGE, said("You have moved to @%(username)s. Your followers are told.", username=new.username)
    )


async def stay(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    await forms.read(request)
    await store.write(accounts.stay, person.account_id, person.capacity.by)
    return answers.done(request, _PAGE, "Your profile does not say any more that you have moved.")


async def _check_password(request: web.Request, person: Viewer, form: Form, field: str) -> None:
    try:
        await entering.check_password(request, person, form.text(field))
    except Invalid as refusal:
        raise Invalid(refusal.sentence, {field: refusal.sentence}) from refusal


def _remove_alias(person: Viewer, uri: str) -> None:
    account = account_lookup.visible(person.account_id, person.account_id)
    left = tuple(one for one in accounts.aliases(account) if one != uri)
    accounts.update_profile(account.id, ProfileChange(also_known_as=left, by=person.capacity.by))


def _load(account_id: int) -> dict[str, Any]:
    account = account_lookup.visible(account_id, account_id)
    view = account_view.view(account)
    return {
        "name": {"username": account.username, "may_change_at": _later(accounts.may_rename_at(account))},
        "aliases": [_alias(uri) for uri in accounts.aliases(account)],
        "moved": None if view.moved is None else account_entity(view.moved),
        "may_move_at": _later(accounts.free_at(account)),
    }


def _alias(uri: str) -> dict[str, Any]:
    account = account_lookup.by_uri(uri)
    known = account is not None and not account.is_gone
    return {"uri": uri, "account": account_entity(account_view.view(account)) if known and account else None}


def _later(at: int) -> str | None:
    return clock.iso(at) if at > clock.now_ms() else None


async def _again(request: web.Request, refusal: NodeError, form: Form, person: Viewer) -> web.StreamResponse:
    context = await store.point(_load, person.account_id)
    return await answers.again(request, _TEMPLATE, refusal, form, **context)


ROUTES = [
    web.get(_PAGE, show),
    web.post(f"{_PAGE}/name", change_name),
    web.post(f"{_PAGE}/aliases", add_alias),
    web.post(f"{_PAGE}/aliases/remove", remove_alias),
    web.post(f"{_PAGE}/move", move),
    web.post(f"{_PAGE}/stay", stay),
]
