"""Passkeys at the door: what a browser is asked there, and whose passkey answered."""

import asyncio
from functools import partial

from aiohttp import web

from node import store
from node.models import User
from node.services.access import ceremonies, passkeys
from node.services.access.ceremonies import Purpose
from web import csrf
from web.keys import SECRET
from web.pages.forms import Form

FIELD = "passkey"


def challenge(request: web.Request, purpose: Purpose) -> bytes:
    """For this browser: its forms carry the same token."""
    return ceremonies.challenge(request.app[SECRET], purpose, csrf.token(request))


def asked(request: web.Request, purpose: Purpose, form: Form) -> ceremonies.Asked:
    return ceremonies.asked(request.app[SECRET], purpose, form.text(csrf.FIELD), form.text(FIELD))


def to_enter(request: web.Request) -> str:
    """What a browser is asked where nobody has said who they are."""
    return ceremonies.to_sign(challenge(request, Purpose.ENTER), None)


async def to_confirm(request: web.Request, user: User) -> str:
    """The same of somebody whose password was right; empty if they have no passkey."""
    known = await store.point(passkeys.credential_ids, user.id)
    return ceremonies.to_sign(challenge(request, Purpose.SECOND_FACTOR), known) if known else ""


async def entering(request: web.Request, form: Form) -> User:
    """Whose passkey answered. Invalid if nobody's did."""
    return await _used(asked(request, Purpose.ENTER, form), form)


async def confirming(request: web.Request, user: User, form: Form) -> None:
    asking = asked(request, Purpose.SECOND_FACTOR, form)
    await _used(asking, form, of_user=user.id)


async def _used(asking: ceremonies.Asked, form: Form, *, of_user: int | None = None) -> User:
    given = ceremonies.assertion(form.text(FIELD))
    row = await store.point(partial(passkeys.find, given, of_user=of_user))
    count = await asyncio.to_thread(passkeys.verified, row, asking, given)
    return await store.write(passkeys.use, row.id, asking, count)
