"""`/settings/portability`: taking one's lists along, as files that other servers read too (ADR 31)."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from node import clock, store
from node.errors import Invalid, NotFound
from node.models import Intake
from node.services.portability import archives, exports, intakes, reading, restorations
from node.speech import say
from web import params
from web.files import media
from web.keys import STORAGE
from web.pages import answers, forms
from web.rendering import words

_PAGE = "/settings/portability"
_TEMPLATE = "settings/portability.html"
_NOTHING = "Record not found"
_MIMES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "zip": "application/zip"}


async def show(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    return await answers.show(request, _TEMPLATE, **await store.read(load, person.account_id))


async def download(request: web.Request) -> web.StreamResponse:
    """A list as a file, page by page: followers may be many."""
    person = answers.require(request)
    kind = exports.by_file_name(params.text(request, "name"))
    if kind is None:
        raise NotFound(_NOTHING)
    known = exports.FORMATS[kind]
    return await send_file(request, known.file_name, known, exports.page, person.account_id, kind)


async def send_file(
    request: web.Request, name: str, known: exports.Format, page: Callable[..., list[exports.Row]], *of: Any
) -> web.StreamResponse:
    """`page(*of, after)`, until there is no more."""
    response = web.StreamResponse(headers=headers_of_file(name))
    await response.prepare(request)
    await response.write(known.opening.encode())
    after = 0
    while rows := await store.read(page, *of, after):
        text = known.text_of([cells for _, cells in rows], is_first=not after)
        await response.write(text.encode())
        after = rows[-1][0]
    await response.write(known.closing.encode())
    return response


def headers_of_file(name: str) -> dict[str, str]:
    """For what one person alone may have: to be saved, not shown, and kept by nobody on the way."""
    mime = _MIMES[name.rpartition(".")[2]]
    return {
        "Content-Type": mime,
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }


def load(account_id: int) -> dict[str, Any]:
    """What the page shows. Reads."""
    counts = exports.counts(account_id)
    return {
        "lists": [
            {"kind": str(kind), "file_name": known.file_name, "count": counts[kind]}
            for kind, known in exports.FORMATS.items()
        ],
        "kinds": [(str(kind), say(words.PORTABLE[kind])) for kind in reading.KINDS],
        "intakes": [entity(row) for row in intakes.of_account(account_id)],
        **_archive(account_id),
        "restoration": _restoration(account_id),
    }


def entity(row: Intake) -> dict[str, Any]:
    """As templates know an intake."""
    return {
        "id": str(row.id),
        "kind": row.kind,
        "state": row.state,
        "replaces": bool(row.replaces),
        "file_name": row.file_name,
        "total": row.total,
        "position": row.position,
        "failed": row.failed,
        "removed": row.removed,
        "created_at": clock.iso(row.created_at),
    }


async def ask_for_archive(request: web.Request) -> web.StreamResponse:
    person, form = answers.require(request), await forms.read(request)
    try:
        await store.write(archives.ask, person.account_id)
    except Invalid as refusal:
        return await answers.again(request, _TEMPLATE, refusal, form, **await store.read(load, person.account_id))
    return answers.done(request, _PAGE, "Your archive is being made. You find it here in a while.")


async def archive(request: web.Request) -> web.StreamResponse:
    """For its owner; for everybody else it is not there."""
    person = answers.require(request)
    row = await store.point(archives.get, person.account_id, params.an_id(request))
    storage, name = request.app[STORAGE], f"archive-{person.account.username}-{clock.day(row.created_at)}.zip"
    path = storage.path(row.file_key)
    if path is not None:
        return web.FileResponse(path, headers=headers_of_file(name))
    return await media.in_parts(request, storage, row.file_key, headers_of_file(name))


def _archive(account_id: int) -> dict[str, Any]:
    row = archives.latest(account_id)
    again = archives.next_at(row)
    return {
        "archive": None
        if row is None
        else {
            "id": str(row.id),
            "state": row.state,
            "is_there": archives.is_there(row),
            "size_bytes": row.size_bytes,
            "statuses": row.statuses,
            "left_out": row.left_out,
            "problem": row.problem,
            "created_at": clock.iso(row.created_at),
            "ends_at": None if row.finished_at is None else clock.iso(row.finished_at + archives.KEPT_MS),
        },
        "archive_again_at": clock.iso(again) if again > clock.now_ms() else None,
    }


def _restoration(account_id: int) -> dict[str, Any] | None:
    row = restorations.latest(account_id)
    if row is None:
        return None
    numbers = {name: getattr(row, name) for name in ("restored", "left_out", "files_left_out")}
    return {"state": row.state, "problem": row.problem, **numbers}


ROUTES = [
    web.get(_PAGE, show),
    web.get(_PAGE + "/export/{name}", download),
    web.post(_PAGE + "/archive", ask_for_archive),
    web.get(_PAGE + "/archive/{id}", archive),
]
