"""`/settings/portability/import`: bringing lists from elsewhere: what is in a file, what to do with it, how far it is."""

import asyncio
from typing import Any

from aiohttp import web

from node import store
from node.errors import Invalid
from node.models import IntakeState, Portable
from node.services.portability import intakes, reading
from web import body, params
from web.pages import answers, forms
from web.pages.settings import portability
from web.pages.settings.portability import entity, headers_of_file

_PATH = "/settings/portability/import"
_PAGE = "/settings/portability"
_TEMPLATE = "settings/intake.html"
_SHOWN = 20  # failures


async def bring(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    body.allow_files(request, reading.MAX_BYTES)
    form = await forms.read(request)
    files = form.files("file")
    try:
        kind = _kind(form.text("kind"))
        if not files:
            raise Invalid("Choose a file.", {"file": "Choose a file."})
        found = await asyncio.to_thread(lambda: reading.read(kind, files[0].data))
    except Invalid as refusal:
        context = await store.read(portability.load, person.account_id)
        return await answers.again(request, "settings/portability.html", refusal, form, **context)
    intake = await store.write(intakes.create, person.account_id, kind, found, files[0].filename)
    return answers.done(request, f"{_PATH}/{intake.id}")


async def show(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    return await answers.show(request, _TEMPLATE, **await store.read(_load, person.account_id, params.an_id(request)))


async def start(request: web.Request) -> web.StreamResponse:
    person, form, intake_id = answers.require(request), await forms.read(request), params.an_id(request)
    replaces = form.text("mode") == "replace"

    def work() -> None:
        intakes.start(person.account_id, intake_id, replaces=replaces)

    try:
        await store.write(work)
    except Invalid as refusal:
        context = await store.read(_load, person.account_id, intake_id)
        return await answers.again(request, _TEMPLATE, refusal, form, **context)
    return answers.done(request, f"{_PATH}/{intake_id}")


async def delete(request: web.Request) -> web.StreamResponse:
    person, _ = answers.require(request), await forms.read(request)
    await store.write(intakes.delete, person.account_id, params.an_id(request))
    return answers.done(request, _PAGE, "The import is gone. What it has done stays.")


async def failures(request: web.Request) -> web.StreamResponse:
    """What could not be done, as a file to be mended and brought again."""
    person = answers.require(request)
    name, text = await store.read(intakes.failures_file, person.account_id, params.an_id(request))
    return web.Response(body=text.encode(), headers=headers_of_file(name))


def _kind(text: str) -> Portable:
    if text not in list(reading.KINDS):
        raise Invalid("Please choose what the file is.", {"kind": "Please choose what the file is."})
    return Portable(text)


def _load(account_id: int, intake_id: int) -> dict[str, Any]:
    row = intakes.get(account_id, intake_id)
    is_ready = row.state == IntakeState.READY
    failed = intakes.failures(account_id, intake_id, _SHOWN)
    return {
        "intake": entity(row),
        "preview": intakes.preview(account_id, intake_id)._asdict() if is_ready else None,
        "failures": [{"line": one.line, "problem": one.problem} for one in failed],
    }


ROUTES = [
    web.post(_PATH, bring),
    web.get(_PATH + "/{id}", show),
    web.post(_PATH + "/{id}/start", start),
    web.post(_PATH + "/{id}/delete", delete),
    web.get(_PATH + "/{id}/failures", failures),
]
