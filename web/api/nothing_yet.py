"""Questions of the client API about what does not exist here, answered truthfully: there is none of it.

Apps ask these on every start, and take a 404 for a broken server.
"""

from aiohttp import web

from node import store
from node.services.accounts import lookup as account_lookup
from web import params, responses, route
from web.inputs import reader


async def donation_campaigns(_: web.Request) -> web.Response:
    return responses.raw_json(b"null")


async def identity_proofs(request: web.Request, viewer_id: int | None) -> web.Response:
    """Of an account that exists for the reader."""
    await store.point(account_lookup.visible, viewer_id, params.an_id(request))
    return responses.raw_json(b"[]")


ROUTES = [
    route.get("/api/v1/donation_campaigns", donation_campaigns),
    route.get("/api/v1/accounts/{id}/identity_proofs", identity_proofs, reader("read:accounts"), since="2022-03-30"),
]
