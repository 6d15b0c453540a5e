"""`/auth/first-admin/{token}`: the address that a new node prints makes its first visitor the administrator."""

import asyncio

from aiohttp import web

from node import passwords, store
from node.errors import NodeError
from node.keys import KeyPair, generate_rsa
from node.models import User
from node.services.access import first_admin, one_time_links, password
from node.services.access.one_time_links import Purpose
from node.services.accounts import lookup as account_lookup
from node.services.community import settings
from node.speech import said
from web import params
from web.pages import answers, forms
from web.pages.door import entering

_PAGE = "/auth/first-admin/{token}"


async def ask(request: web.Request) -> web.StreamResponse:
    await store.point(one_time_links.peek, Purpose.FIRST_ADMIN, params.text(request, "token"))
    return await answers.show(request, "first_admin.html")


async def claim(request: web.Request) -> web.StreamResponse:
    form = await forms.read(request)
    token = params.text(request, "token")
    await store.point(one_time_links.peek, Purpose.FIRST_ADMIN, token)
    try:
        password.check(form.text("password"))
        hashed = await asyncio.to_thread(passwords.hash_password, form.text("password"))
        keys = await asyncio.to_thread(generate_rsa)
        user = await store.write(
            _claim, token, form.text("username"), hashed, keys, form.text("email").strip(), form.text("title").strip()
        )
    except NodeError as refusal:
        return await answers.again(request, "first_admin.html", refusal, form)
    welcome = said("The server is yours. Look around, then invite somebody.")
    return await entering.enter(request, user.id, "/admin", welcome)


def _claim(token: str, username: str, hashed: str, keys: KeyPair, email: str, title: str) -> User:
    """All of it or nothing: with a name that cannot be had, the link is still good."""
    user = first_admin.claim(token, username, hashed, keys, email=email)
    if title:
        settings.change({"title": title}, account_lookup.account_of(user.id))
    return user


ROUTES = [web.get(_PAGE, ask), web.post(_PAGE, claim)]
