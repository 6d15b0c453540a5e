"""`/auth/sign-up` and `/invite/{code}`: becoming a member as far as the community allows it."""

import asyncio
from dataclasses import replace
from typing import Any

from aiohttp import web

from node import passwords, site, speech, store
from node.errors import Invalid, NodeError
from node.keys import generate_rsa
from node.models import User
from node.services.access import invites, password, registration
from node.services.access.registration import SignUp
from node.services.accounts import view as account_view
from node.services.accounts.view import AccountView
from node.services.community import rules, settings
from node.speech import said, say
from node.text.render import Format, render
from web import params, responses
from web.client_ip import client_ip
from web.entities.account import account_entity
from web.entities.rule import rule_entity
from web.pages import answers, forms
from web.pages.door import entering
from web.pages.forms import Form

_PAGE = "/auth/sign-up"


async def ask(request: web.Request) -> web.StreamResponse:
    codes = [value for name, value in params.query_items(request) if name == "invite_code"]
    return await _show(request, codes[-1].strip() if codes else "")


async def ask_invited(request: web.Request) -> web.StreamResponse:
    """A page; or what Mastodon's app for Android asks, when somebody opens an invitation in it, before it signs them up."""
    code = params.text(request, "code", most=100)
    if request.headers.get("Accept") != "application/json":
        return await _show(request, code)
    try:
        await store.point(invites.peek, code)
    except Invalid as refusal:
        return responses.json({"error": str(refusal)}, status=401)  # as Mastodon has it
    return responses.json({"invite_code": code, "instance_api_url": f"{site.base_url}/api/v2/instance"})


async def sign_up(request: web.Request) -> web.StreamResponse:
    form = await forms.read(request)
    try:
        user = await _sign_up(_wish(request, form), form.text("password"))
    except NodeError as refusal:
        context, refused = await _context(form.text("invite_code"))
        return await answers.again(request, "sign_up.html", refused or refusal, form, **context)
    if registration.is_waiting(user):
        return await _wait(request, user)
    return await entering.enter(request, user.id, answers.HOME, said("Welcome. This is your home timeline."))


def _wish(request: web.Request, form: Form) -> SignUp:
    return SignUp(
        username=form.text("username"),
        password_hash="",
        email=form.text("email"),
        reason=form.text("reason"),
        invite_code=form.text("invite_code"),
        ip=client_ip(request),
        agreement=form.flag("agreement"),
        date_of_birth=form.text("date_of_birth"),
        locale=speech.spoken(),
    )


async def _sign_up(wish: SignUp, chosen: str) -> User:
    """What is wrong with any field is said together; what takes long is done last."""
    wrong: dict[str, str] = {}
    try:
        password.check(chosen)
    except Invalid as refusal:
        wrong |= refusal.fields
    try:
        await store.read(registration.check, wish)
    except Invalid as refusal:
        wrong |= refusal.fields
    if wrong:
        raise Invalid(" ".join(wrong.values()), wrong)
    password_hash = await asyncio.to_thread(passwords.hash_password, chosen)
    keys = await asyncio.to_thread(generate_rsa)
    return await store.write(registration.sign_up, replace(wish, password_hash=password_hash), keys)


async def _wait(request: web.Request, user: User) -> web.StreamResponse:
    """What has to happen before they can sign in."""
    is_read = user.approved_at is None
    if user.confirmed_at is None:
        text = say("We have sent a letter to %(address)s. Please open the link in it.", address=user.email)
        if is_read:
            text = f"{text} {say('Somebody of the staff reads your request once you have.')}"
    elif user.email and site.sends_mail:
        text = say("Somebody of the staff reads your request. You get a letter when it is approved.")
    else:
        text = say(
            "Somebody of the staff reads your request. When it is approved, you can sign in with your name and password."
        )
    return await answers.show(
        request,
        "message.html",
        title=say("Thank you for asking") if is_read else say("Almost there"),
        text=text,
        link=("/about", say("About this server")),
        icon_name="mail" if user.confirmed_at is None else "clock",
    )


async def _show(request: web.Request, code: str) -> web.StreamResponse:
    context, refusal = await _context(code)
    if refusal is None:
        return await answers.show(request, "sign_up.html", **context)
    form = {"invite_code": code[:100]}
    return await answers.show(
        request, "sign_up.html", code=422, form=form, errors=answers.sentences(refusal), **context
    )


async def _context(code: str) -> tuple[dict[str, Any], Invalid | None]:
    """What the page shows, and what is wrong with the invitation; then it is shown as to somebody without one."""
    chosen = settings.current()
    listed = [rule_entity(rule) for rule in await store.point(rules.all_rules)]
    inviter, refusal = None, None
    if code:
        try:
            inviter = account_entity(await store.point(_inviter, code))
        except Invalid as error:
            code, refusal = "", error
    context = {
        "rules": listed,
        "reason_required": chosen.reason_required,
        "email_required": chosen.email_required,
        "min_age": chosen.min_age,
        "closed_message": render(chosen.closed_message, {}, site.tag_url, Format.MARKDOWN),
        "invite_code": code,
        "inviter": inviter,
    }
    return context, refusal


def _inviter(code: str) -> AccountView:
    (inviter,) = account_view.load([invites.peek(code).account])
    return inviter


ROUTES = [
    web.get(_PAGE, ask),
    web.post(_PAGE, sign_up),
    web.get("/invite/{code}", ask_invited),
]
