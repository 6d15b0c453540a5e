"""Questions of the client API about what does not exist here, answered truthfully: there is none of it.

Apps ask these on every start, and take a 404 for a broken server (FEATURES.md, section 4.3).
"""

from collections.abc import Awaitable, Callable

from aiohttp import web

from node import store
from node.errors import NotFound
from node.services.accounts import lookup as account_lookup
from web import params, responses
from web.errors import NOT_FOUND
from web.viewer import optional, require

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _to_person(scope: str, body: bytes) -> Handler:
    """`scope` may be empty: any token of a person will do."""

    async def answer(request: web.Request) -> web.StreamResponse:
        require(request, *scope.split())
        return responses.raw_json(body)

    return answer


def _to_anybody(body: bytes) -> Handler:
    async def answer(_: web.Request) -> web.StreamResponse:
        return responses.raw_json(body)

    return answer


def _of_account(body: bytes) -> Handler:
    """Of an account that exists for the reader."""

    async def answer(request: web.Request) -> web.StreamResponse:
        viewer = optional(request, "read:accounts")
        viewer_id = None if viewer is None else viewer.account_id
        await store.point(account_lookup.visible, viewer_id, params.an_id(request))
        return responses.raw_json(body)

    return answer


def _missing(scope: str) -> Handler:
    """One of them by its id: there is none, so there is not this one."""

    async def answer(request: web.Request) -> web.StreamResponse:
        require(request, scope)
        raise NotFound(NOT_FOUND)

    return answer


_PERSONAL = {
    "/api/v1/annual_reports": ("read:accounts", b'{"annual_reports":[],"accounts":[],"statuses":[]}'),
    "/api/v1/annual_reports/{year}/state": ("read:accounts", b'{"state":"ineligible"}'),
}
_PUBLIC = {
    "/api/v1/donation_campaigns": b"null",
}
_OF_ACCOUNTS = {
    "/api/v1/accounts/{id}/identity_proofs": b"[]",
    "/api/v1/accounts/{id}/collections": b'{"collections":[]}',
    "/api/v1/accounts/{id}/in_collections": b'{"collections":[]}',
}
_MISSING = {
    "/api/v1/collections/{id}": "read",
    "/api/v1/annual_reports/{year}": "read:accounts",
    "/api/v1_alpha/async_refreshes/{id}": "read",
}

ROUTES = [
    *(web.get(path, _to_person(scope, body)) for path, (scope, body) in _PERSONAL.items()),
    *(web.get(path, _to_anybody(body)) for path, body in _PUBLIC.items()),
    *(web.get(path, _of_account(body)) for path, body in _OF_ACCOUNTS.items()),
    *(web.get(path, _missing(scope)) for path, scope in _MISSING.items()),
    # Whoever is not eligible gets no report, and is told so by its state.
    web.post("/api/v1/annual_reports/{year}/generate", _to_person("write:accounts", b"{}")),
    web.post("/api/v1/annual_reports/{year}/read", _missing("write:accounts")),
]
