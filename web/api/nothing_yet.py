"""Questions of the client API about what does not exist here, answered truthfully: there is none of it.

Apps ask these on every start, and take a 404 for a broken server (FEATURES.md, section 4.3).
"""

from collections.abc import Awaitable, Callable

from aiohttp import web

from node import store
from node.errors import NotFound
from node.services.accounts import lookup as account_lookup
from web import params, responses, route
from web.errors import NOT_FOUND
from web.inputs import person, reader
from web.viewer import Viewer

Handler = Callable[..., Awaitable[web.StreamResponse]]


def _saying(body: bytes) -> Handler:
    async def answer(_: web.Request, *__: object) -> web.StreamResponse:
        return responses.raw_json(body)

    return answer


def _of_account(body: bytes) -> Handler:
    """Of an account that exists for the reader."""

    async def answer(request: web.Request, viewer_id: int | None) -> web.StreamResponse:
        await store.point(account_lookup.visible, viewer_id, params.an_id(request))
        return responses.raw_json(body)

    return answer


async def _missing(_: web.Request, __: Viewer) -> web.StreamResponse:
    """One of them by its id: there is none, so there is not this one."""
    raise NotFound(NOT_FOUND)


_PERSONAL = {
    "/api/v1/annual_reports": ("read:accounts", b'{"annual_reports":[],"accounts":[],"statuses":[]}'),
    "/api/v1/annual_reports/{year}/state": ("read:accounts", b'{"state":"ineligible"}'),
}
_PUBLIC = {
    "/api/v1/donation_campaigns": b"null",
}
_OF_ACCOUNTS = {
    "/api/v1/accounts/{id}/identity_proofs": b"[]",
}
_MISSING = {
    "/api/v1/annual_reports/{year}": "read:accounts",
}

ROUTES = [
    *(route.get(path, _saying(body), person(scope)) for path, (scope, body) in _PERSONAL.items()),
    *(route.get(path, _saying(body)) for path, body in _PUBLIC.items()),
    *(
        route.get(path, _of_account(body), reader("read:accounts"), since="2022-03-30")
        for path, body in _OF_ACCOUNTS.items()
    ),
    *(route.get(path, _missing, person(scope)) for path, scope in _MISSING.items()),
    # Whoever is not eligible gets no report, and is told so by its state.
    route.post("/api/v1/annual_reports/{year}/generate", _saying(b"{}"), person("write:accounts")),
    route.post("/api/v1/annual_reports/{year}/read", _missing, person("write:accounts")),
]
