"""`/settings/passkeys`: the keys that open a login, from one's telephone or computer."""

import asyncio
from typing import Any

from aiohttp import web

from node import clock, site, store
from node.errors import NodeError
from node.models import Passkey
from node.services.access import ceremonies, passkeys
from node.services.access.ceremonies import Purpose
from node.speech import said
from web import params
from web.pages import answers, confirming, forms
from web.pages.confirming import Question
from web.pages.door import entering
from web.pages.door import passkeys as door
from web.viewer import Viewer

_PAGE = "/settings/passkeys"
_TEMPLATE = "settings/passkeys.html"


async def show(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    return await answers.show(request, _TEMPLATE, **await _context(person))


async def begin(request: web.Request) -> web.StreamResponse:
    """The password was given: the challenge that the page carries now is the proof of it."""
    person = answers.require(request)
    form = await forms.read(request)
    try:
        await entering.check_password(request, person, form.text("password"))
        await store.point(passkeys.check_room, person.user_id)
    except NodeError as refusal:
        return await answers.again(request, _TEMPLATE, refusal, form, **await _context(person))
    return await answers.show(request, _TEMPLATE, **await _context(person, await _options(request, person)))


async def enrol(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    form = await forms.read(request)
    try:
        asking = door.asked(request, Purpose.ENROL, form)
        made = await asyncio.to_thread(ceremonies.made, asking, form.text(door.FIELD))
        await store.write(passkeys.enrol, person.user_id, form.text("name"), asking, made)
    except NodeError as refusal:
        return await answers.again(request, _TEMPLATE, refusal, form, **await _context(person))
    return answers.done(request, _PAGE, "The passkey is added. You can sign in with it.")


async def ask_to_remove(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    row = await store.point(passkeys.named, person.user_id, params.an_id(request))
    return await confirming.show(request, _removal(row))


async def remove(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    form = await forms.read(request)
    row = await store.point(passkeys.named, person.user_id, params.an_id(request))
    try:
        await entering.check_password(request, person, form.text("password"))
    except NodeError as refusal:
        return await confirming.again(request, refusal, form, _removal(row))
    await store.write(passkeys.remove, person.user_id, row.id)
    return answers.done(request, _PAGE, "The passkey opens nothing any more.")


async def _options(request: web.Request, person: Viewer) -> str:
    return ceremonies.to_enrol(
        door.challenge(request, Purpose.ENROL),
        person.user_id,
        f"{person.account.username}@{site.domain}",
        person.account.display_name,
        await store.point(passkeys.credential_ids, person.user_id),
    )


def _removal(row: Passkey) -> Question:
    return confirming.question(
        title="Remove this passkey?",
        text=said(
            "“%(name)s” will not sign you in any more. Your password does. Delete it in your device, too.",
            name=row.name,
        ),
        button="Remove",
        back=_PAGE,
        ask_password=True,
    )


async def _context(person: Viewer, options: str = "") -> dict[str, Any]:
    rows = await store.read(passkeys.of, person.user_id)
    return {"passkeys": [_passkey(row) for row in rows], "options": options, "most": passkeys.MOST}


def _passkey(row: Passkey) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "name": row.name,
        "created_at": clock.iso(row.created_at),
        "used_at": None if row.used_at is None else clock.iso(row.used_at),
    }


ROUTES = [
    web.get(_PAGE, show),
    web.post(f"{_PAGE}/begin", begin),
    web.post(_PAGE, enrol),
    web.get(f"{_PAGE}/{{id}}/remove", ask_to_remove),
    web.post(f"{_PAGE}/{{id}}/remove", remove),
]
