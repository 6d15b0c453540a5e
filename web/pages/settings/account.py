"""`/settings/account`: address, password, and the end of it all."""

import asyncio
from typing import Any

from aiohttp import web

from node import clock, passwords, store
from node.errors import Invalid, NodeError, NotFound
from node.services import accounts
from node.services.access import emails, logins, password
from node.services.accounts import lookup as account_lookup
from node.services.moderation import decisions as moderation
from node.services.organisations import members
from node.speech import said
from web import cookies
from web.pages import answers, confirming, forms
from web.pages.confirming import Question
from web.pages.door import entering
from web.pages.forms import Form
from web.pages.settings import organisations
from web.viewer import Viewer

_PAGE = "/settings/account"
_DELETE = f"{_PAGE}/delete"


async def show(request: web.Request) -> web.StreamResponse:
    return await answers.show(request, "settings/account.html", user=await _user(answers.require(request)))


async def change_email(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    form = await forms.read(request)
    try:
        await entering.check_password(request, person, form.text("password"))
        asked = await store.write(_change_email, person.user_id, form.text("email").strip())
    except NodeError as refusal:
        return await _again(request, refusal, form, person)
    return answers.done(request, _PAGE, "" if asked else "Your address is changed.")


async def change_password(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    form = await forms.read(request)
    try:
        await _check_old(request, person, form.text("old_password"))
        hashed = await asyncio.to_thread(passwords.hash_password, password.check(form.text("password")))
        await store.write(password.change, person.user_id, hashed, keep_session_id=person.session_id)
    except NodeError as refusal:
        return await _again(request, refusal, form, person)
    return answers.done(request, _PAGE, "Your password is changed. Other browsers and all apps are signed out.")


async def ask_to_delete(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    return await confirming.show(request, await _deletion(person))


async def delete(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    form = await forms.read(request)
    try:
        await entering.check_password(request, person, form.text("password"))
        await store.write(_delete, person)
    except NodeError as refusal:
        return await confirming.again(request, refusal, form, await _deletion(person))
    if person.capacity.acts_for_others:
        return answers.done(request, organisations.PAGE, "The organisation is deleted.")
    response = answers.done(request, "/", "Your account is deleted.")
    cookies.sign_out(response)
    return response


async def _deletion(person: Viewer) -> Question:
    """What will happen, with the numbers of who asks."""
    account = await store.point(account_lookup.visible, person.account_id, person.account_id)
    return confirming.question(
        title="Delete your account?",
        text=said(
            "All your posts (%(posts)s), files, lists and messages go, here and, if they heed our request,"
            " on all other servers. Your followers (%(followers)s) lose you, and nobody will ever have the"
            " name @%(username)s here again. It happens at once and cannot be undone. What you want to keep is in"
            " the archive that you can ask for under Import and export; to go to another server, move instead.",
            posts=account.statuses_count,
            followers=account.followers_count,
            username=account.username,
        ),
        button="Delete for good",
        back=_PAGE,
        ask_password=True,
    )


def _delete(person: Viewer) -> None:
    if not person.capacity.acts_for_others:
        moderation.refuse_last_admin(person.user_id)
        members.refuse_last_owner(person.user_id)
    accounts.delete_local(person.account_id)


async def _check_old(request: web.Request, person: Viewer, text: str) -> None:
    try:
        await entering.check_password(request, person, text)
    except Invalid as refusal:
        raise Invalid(refusal.sentence, {"old_password": refusal.sentence}) from refusal


def _change_email(user_id: int, address: str) -> bool:
    user = logins.by_id(user_id)
    if user is None:
        raise NotFound("There is no such login.")
    return emails.change(user, address)


async def _again(request: web.Request, refusal: NodeError, form: Form, person: Viewer) -> web.StreamResponse:
    return await answers.again(request, "settings/account.html", refusal, form, user=await _user(person))


async def _user(person: Viewer) -> dict[str, Any]:
    user = await store.point(logins.by_id, person.user_id)
    return {
        "email": "" if user is None else user.email,
        "unconfirmed_email": await store.point(emails.waiting, person.user_id),
        "created_at": clock.iso(person.user.created_at),
    }


ROUTES = [
    web.get(_PAGE, show),
    web.post(f"{_PAGE}/email", change_email),
    web.post(f"{_PAGE}/password", change_password),
    web.get(_DELETE, ask_to_delete),
    web.post(_DELETE, delete),
]
