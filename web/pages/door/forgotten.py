"""`/auth/forgotten`, `/auth/reset-password/{token}` and `/auth/confirm-email/{token}`: what letters are for."""

import asyncio

from aiohttp import web

from node import passwords, site, store
from node.errors import Invalid, NodeError
from node.services.access import attempts, one_time_links, password, registration
from node.services.access.one_time_links import Purpose
from node.speech import say
from web import params
from web.client_ip import client_ip
from web.pages import answers, forms

_FORGOTTEN = "/auth/forgotten"
_RESET = "/auth/reset-password/{token}"
_CONFIRM = "/auth/confirm-email/{token}"

# Longer than writing a letter takes: whether an address is known cannot be measured either.
_ANSWER_SECONDS = 0.3


async def ask(request: web.Request) -> web.StreamResponse:
    return await answers.show(request, "forgotten.html")


async def send(request: web.Request) -> web.StreamResponse:
    """The same answer in the same time, whoever's address it is and if it is nobody's."""
    form = await forms.read(request)
    address = form.text("email").strip()
    try:
        if not site.sends_mail:
            raise Invalid("This server sends no mail.")
        if not address:
            raise Invalid("Please enter your address.", {"email": "Please enter your address."})
        attempts.check("forgotten", address, client_ip(request))
        attempts.failed("forgotten", address, client_ip(request))
    except NodeError as refusal:
        return await answers.again(request, "forgotten.html", refusal, form)
    await asyncio.gather(store.write(password.request_reset, address), asyncio.sleep(_ANSWER_SECONDS))
    return await answers.show(
        request,
        "message.html",
        title=say("Look into your mail"),
        text=say("If the address belongs to somebody here, a letter is on its way. Its link works for six hours."),
        link=(answers.SIGN_IN, say("Back to sign-in")),
        icon_name="mail",
    )


async def ask_new(request: web.Request) -> web.StreamResponse:
    await store.point(one_time_links.peek, Purpose.RESET_PASSWORD, params.text(request, "token"))
    return await answers.show(request, "reset_password.html")


async def reset(request: web.Request) -> web.StreamResponse:
    form = await forms.read(request)
    token = params.text(request, "token")
    await store.point(one_time_links.peek, Purpose.RESET_PASSWORD, token)
    try:
        chosen = password.check(form.text("password"))
    except Invalid as refusal:
        return await answers.again(request, "reset_password.html", refusal, form)
    await store.write(password.reset, token, await asyncio.to_thread(passwords.hash_password, chosen))
    return answers.done(request, answers.SIGN_IN, "Your new password is set. You can sign in with it.")


async def confirm(request: web.Request) -> web.StreamResponse:
    user = await store.write(registration.confirm_email, params.text(request, "token"))
    if user.approved_at is None:
        text = say("Thank you. Somebody of the staff reads your request; you get a letter when it is approved.")
    else:
        text = say("Thank you. The address is yours.")
    return await answers.show(
        request,
        "message.html",
        title=say("Your address is confirmed"),
        text=text,
        link=None if user.approved_at is None else (answers.SIGN_IN, say("Sign in")),
        icon_name="check",
    )


ROUTES = [
    web.get(_FORGOTTEN, ask),
    web.post(_FORGOTTEN, send),
    web.get(_RESET, ask_new),
    web.post(_RESET, reset),
    # What looks ahead at links in letters asks with HEAD, which must not use them up.
    web.get(_CONFIRM, confirm, allow_head=False),
]
