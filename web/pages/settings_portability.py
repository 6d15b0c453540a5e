"""`/settings/portability`: taking one's lists along, as files that other servers read too (ADR 31)."""

from typing import Any

from aiohttp import web

from node import clock, store
from node.errors import NotFound
from node.models import Intake, Portable
from node.services.portability import exports, intakes, reading
from web import params
from web.pages import answers, words

_PAGE = "/settings/portability"
_TEMPLATE = "settings/portability.html"
_NOTHING = "Record not found"


async def show(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    return await answers.show(request, _TEMPLATE, **await store.read(load, person.account_id))


async def download(request: web.Request) -> web.StreamResponse:
    """A list as a file, page by page: followers may be many."""
    person = answers.require(request)
    kind = exports.by_file_name(params.text(request, "name"))
    if kind is None:
        raise NotFound(_NOTHING)
    return await _send(request, person.account_id, kind)


async def _send(request: web.Request, account_id: int, kind: Portable) -> web.StreamResponse:
    known = exports.FORMATS[kind]
    response = web.StreamResponse(headers=headers_of_file(known.file_name))
    await response.prepare(request)
    await response.write(known.opening.encode())
    after = 0
    while rows := await store.read(exports.page, account_id, kind, after):
        text = known.text_of([cells for _, cells in rows], is_first=not after)
        await response.write(text.encode())
        after = rows[-1][0]
    await response.write(known.closing.encode())
    return response


def headers_of_file(name: str) -> dict[str, str]:
    """For what one person alone may have: to be saved, not shown, and kept by nobody on the way."""
    mime = "application/json" if name.endswith(".json") else "text/csv; charset=utf-8"
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
        "kinds": [(str(kind), words.PORTABLE[kind]) for kind in reading.KINDS],
        "intakes": [entity(row) for row in intakes.of_account(account_id)],
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


ROUTES = [web.get(_PAGE, show), web.get(_PAGE + "/export/{name}", download)]
