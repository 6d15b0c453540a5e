"""`/auth/sign-in`, `/auth/passkey`, `/auth/second-factor` and `/auth/sign-out`."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from aiohttp import web

from node import site, store
from node.errors import Invalid, NodeError
from node.models import User
from node.services.access import attempts, emails, oauth, sessions, two_factor
from node.speech import said, say
from web import cookies, params
from web.client_ip import client_ip
from web.pages import answers, forms
from web.pages.door import entering, judged, passkeys
from web.pages.forms import Form

_CODE = "/auth/second-factor"
_WRONG_CODE = said("This code is not right, or it was used already.")


async def ask(request: web.Request) -> web.StreamResponse:
    wanted = _wanted(request)
    if answers.reader(request) is not None and not wanted:
        return answers.done(request, answers.HOME)
    return await answers.show(request, "sign_in.html", **await _context(request, wanted))


async def sign_in(request: web.Request) -> web.StreamResponse:
    form = await forms.read(request)
    wanted = answers.safe_path(form.text("next"), "")
    try:
        user = await entering.check_login(request, form.text("login"), form.text("password"))
        if two_factor.is_enabled(user):
            response = answers.done(request, f"{_CODE}?next={quote(wanted, safe='')}" if wanted else _CODE)
            entering.wait_for_code(request, response, user)
            return response
        return await _let_in(request, user, wanted)
    except NodeError as refusal:
        return await answers.again(request, "sign_in.html", refusal, form, **await _context(request, wanted))


async def sign_in_by_passkey(request: web.Request) -> web.StreamResponse:
    """It knows its owner by a finger or a PIN, and is two factors by itself."""
    form = await forms.read(request)
    wanted = answers.safe_path(form.text("next"), "")
    try:
        return await _let_in(request, await passkeys.entering(request, form), wanted)
    except NodeError as refusal:
        return await answers.again(request, "sign_in.html", refusal, form, **await _context(request, wanted))


async def ask_code(request: web.Request) -> web.StreamResponse:
    user = await entering.waits_for_code(request)
    if user is None:
        return answers.done(request, answers.SIGN_IN)
    return await answers.show(request, "second_factor.html", **await _second(request, user, _wanted(request)))


async def check_code(request: web.Request) -> web.StreamResponse:
    return await _confirm(request, _by_code)


async def check_passkey(request: web.Request) -> web.StreamResponse:
    return await _confirm(request, passkeys.confirming)


async def sign_out(request: web.Request) -> web.StreamResponse:
    form = await forms.read(request)
    person = answers.reader(request)
    if person is not None and person.session_id is not None:
        await store.write(sessions.end, person.user_id, person.session_id)
    response = answers.done(request, answers.safe_path(form.text("next"), "/"))
    cookies.sign_out(response)
    return response


async def _confirm(
    request: web.Request, check: Callable[[web.Request, User, Form], Awaitable[None]]
) -> web.StreamResponse:
    """The second factor, of whichever kind."""
    form = await forms.read(request)
    wanted = answers.safe_path(form.text("next"), "")
    user = await entering.waits_for_code(request)
    if user is None:
        return answers.done(request, answers.SIGN_IN, "That took too long. Please begin again.")
    try:
        await check(request, user, form)
        return await _let_in(request, user, wanted)
    except NodeError as refusal:
        context = await _second(request, user, wanted)
        return await answers.again(request, "second_factor.html", refusal, form, **context)


async def _second(request: web.Request, user: User, wanted: str) -> dict[str, Any]:
    return {"next": wanted, "passkey_options": await passkeys.to_confirm(request, user)}


async def _by_code(request: web.Request, user: User, form: Form) -> None:
    code, ip = form.text("code"), client_ip(request)
    attempts.check("code", str(user.id), ip)
    attempts.failed("code", str(user.id), ip)
    if not await store.write(two_factor.verify, user.id, code):
        raise Invalid(_WRONG_CODE, {"code": _WRONG_CODE})
    attempts.succeeded("code", str(user.id), ip)


async def _let_in(request: web.Request, user: User, wanted: str) -> web.StreamResponse:
    """To where they wanted to go; who has not confirmed an address, gets another letter first."""
    if user.confirmed_at is None and user.disabled_at is None and user.email and site.sends_mail:
        await _write_again(request, user)
        return await answers.show(
            request,
            "message.html",
            title=say("Confirm your address"),
            text=say(
                "We have sent another letter to %(email)s. Open the link in it, then sign in.", email=user.email
            ),
            link=None,
            icon_name="mail",
        )
    shut_out = await judged.lead(request, user)
    return shut_out or await entering.enter(request, user.id, wanted or answers.HOME)


async def _write_again(request: web.Request, user: User) -> None:
    """A few letters an hour are enough."""
    ip = client_ip(request)
    attempts.check("letter", str(user.id), ip)
    attempts.failed("letter", str(user.id), ip)
    await store.write(emails.ask_to_confirm, user, user.email or "")


def _wanted(request: web.Request) -> str:
    values = [value for name, value in params.query_items(request) if name == "next"]
    return answers.safe_path(values[-1], "") if values else ""


async def _context(request: web.Request, wanted: str) -> dict[str, Any]:
    """With the app on whose behalf somebody signs in."""
    parts = urlsplit(wanted)
    ids = parse_qs(parts.query).get("client_id", []) if parts.path == "/oauth/authorize" else []
    app = await store.point(oauth.app_by_client_id, ids[0]) if ids else None
    return {
        "next": wanted,
        "app": None if app is None else {"name": app.name},
        "passkey_options": passkeys.to_enter(request),
    }


ROUTES = [
    web.get(answers.SIGN_IN, ask),
    web.post(answers.SIGN_IN, sign_in),
    web.post("/auth/passkey", sign_in_by_passkey),
    web.get(_CODE, ask_code),
    web.post(_CODE, check_code),
    web.post(f"{_CODE}/passkey", check_passkey),
    web.post("/auth/sign-out", sign_out),
]
