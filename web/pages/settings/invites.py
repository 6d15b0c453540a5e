"""`/settings/invites`: opening the door for somebody, if the community lets people do that."""

from typing import Any

from aiohttp import web

from node import clock, site, store
from node.errors import Invalid, NodeError
from node.models import Account, Invite
from node.paging import Page
from node.services.access import invites
from node.services.accounts import lookup as account_lookup
from node.services.community import settings
from web import params
from web.pages import answers, forms
from web.pages.forms import Form
from web.viewer import Viewer

_PAGE = "/settings/invites"
_SHOWN = 100
_LONGEST_SECONDS = 366 * 24 * 3600


async def show(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    return await answers.show(request, "settings/invites.html", **await _context(person))


async def create(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    form = await forms.read(request)
    try:
        await make(person, form)
    except NodeError as refusal:
        return await answers.again(request, "settings/invites.html", refusal, form, **await _context(person))
    return answers.done(request, _PAGE, "The invitation is made. Pass its address on.")


async def expire(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    form = await forms.read(request)
    await store.write(_expire, params.an_id(request), person.account_id)
    return answers.done(request, answers.safe_path(form.text("next"), _PAGE), "The invitation is ended.")


async def make(person: Viewer, form: Form) -> Invite:
    """What the form asks for."""
    uses, seconds = form.number("max_uses"), form.number("ttl", most=_LONGEST_SECONDS)
    if (form.text("max_uses") and uses is None) or seconds is None:
        raise Invalid("Please choose for how many people, and for how long.")
    return await store.write(_create, person.account_id, uses, None if seconds == 0 else seconds * clock.SECOND)


def entity(invite: Invite) -> dict[str, Any]:
    is_over = invite.expires_at is not None and invite.expires_at <= clock.now_ms()
    is_used_up = invite.max_uses is not None and invite.uses >= invite.max_uses
    return {
        "id": str(invite.id),
        "code": invite.code,
        "url": site.invite_url(invite.code),
        "uses": invite.uses,
        "max_uses": invite.max_uses,
        "expires_at": None if invite.expires_at is None else clock.iso(invite.expires_at),
        "usable": not is_over and not is_used_up,
    }


def _create(account_id: int, uses: int | None, ttl_ms: int | None) -> Invite:
    return invites.create(_account(account_id), max_uses=uses, ttl_ms=ttl_ms)


def _expire(invite_id: int, account_id: int) -> None:
    invites.expire(invite_id, _account(account_id))


def _account(account_id: int) -> Account:
    return account_lookup.visible(account_id, account_id)


async def _context(person: Viewer) -> dict[str, Any]:
    rows = await store.read(invites.of, person.account_id, Page(limit=_SHOWN))
    allowed = person.role.rank >= settings.current().invites_from.rank
    return {"invites": [entity(row) for row in rows], "allowed": allowed}


ROUTES = [
    web.get(_PAGE, show),
    web.post(_PAGE, create),
    web.post(f"{_PAGE}/{{id}}/expire", expire),
]
