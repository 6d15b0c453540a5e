"""`/settings/two-factor`: setting up the second factor, and doing without it again."""

from typing import Any

from aiohttp import web

from node import site, store
from node.errors import Invalid, NodeError
from node.services.access import logins, two_factor
from node.services.access.two_factor import Enrolment
from node.speech import said
from web.pages import answers, forms
from web.pages.door import entering
from web.rendering.environment import qr_svg
from web.viewer import Viewer

_PAGE = "/settings/two-factor"
_TEMPLATE = "settings/two_factor.html"
_NOT_BEGUN = said("Please begin again: there is nothing to confirm.")


async def show(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    return await answers.show(request, _TEMPLATE, **await _context(person))


async def begin(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    form = await forms.read(request)
    try:
        enrolment = await store.write(two_factor.begin, person.user_id, _label(person))
    except NodeError as refusal:
        return await answers.again(request, _TEMPLATE, refusal, form, **await _context(person))
    return await answers.show(request, _TEMPLATE, **await _context(person, enrolment))


async def confirm(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    form = await forms.read(request)
    begun = await store.point(two_factor.begun, person.user_id, _label(person))
    try:
        if begun is None:
            raise Invalid(_NOT_BEGUN)
        codes = await store.write(two_factor.confirm, person.user_id, form.text("code"))
    except NodeError as refusal:
        return await answers.again(request, _TEMPLATE, refusal, form, **await _context(person, begun))
    return await answers.show(request, "settings/recovery_codes.html", codes=codes)


async def renew_codes(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    form = await forms.read(request)
    try:
        await entering.check_password(request, person, form.text("password"))
        codes = await store.write(_renew, person.user_id)
    except NodeError as refusal:
        return await answers.again(request, _TEMPLATE, refusal, form, **await _context(person))
    return await answers.show(request, "settings/recovery_codes.html", codes=codes)


async def disable(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    form = await forms.read(request)
    try:
        await entering.check_password(request, person, form.text("password"))
        await store.write(two_factor.disable, person.user_id)
    except NodeError as refusal:
        return await answers.again(request, _TEMPLATE, refusal, form, **await _context(person))
    return answers.done(request, _PAGE, "The second factor is switched off.")


def _renew(user_id: int) -> list[str]:
    user = logins.by_id(user_id)
    if user is None or not two_factor.is_enabled(user):
        raise Invalid("There is no second factor that could be recovered.")
    return two_factor.new_recovery_codes(user_id)


def _label(person: Viewer) -> str:
    """How authenticator apps name the entry."""
    return f"{person.account.username}@{site.domain}"


async def _context(person: Viewer, enrolment: Enrolment | None = None) -> dict[str, Any]:
    enabled, left = await store.point(_state, person.user_id)
    shown = None if enrolment is None else {"secret": enrolment.secret, "qr": qr_svg(enrolment.uri)}
    return {"enabled": enabled, "codes_left": left, "enrolment": shown}


def _state(user_id: int) -> tuple[bool, int]:
    user = logins.by_id(user_id)
    return user is not None and two_factor.is_enabled(user), two_factor.recovery_codes_left(user_id)


ROUTES = [
    web.get(_PAGE, show),
    web.post(f"{_PAGE}/begin", begin),
    web.post(f"{_PAGE}/confirm", confirm),
    web.post(f"{_PAGE}/codes", renew_codes),
    web.post(f"{_PAGE}/disable", disable),
]
