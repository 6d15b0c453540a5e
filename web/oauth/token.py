"""`/oauth/token`, `/oauth/revoke` and `/oauth/introspect` (RFC 6749, RFC 7636, RFC 7009, RFC 7662)."""

import base64
import binascii
from typing import Any
from urllib.parse import unquote_plus

import msgspec
from aiohttp import web

from node import clock, store
from node.errors import BadInput
from node.models import Application, Token
from node.services.access import oauth
from web import params, responses

_NEVER_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}  # RFC 6749, section 5.1


class UnsupportedGrantType(BadInput):
    code = "unsupported_grant_type"


class _Request(msgspec.Struct):
    grant_type: str = ""
    client_id: str = ""
    client_secret: str = ""
    code: str = ""
    redirect_uri: str = ""
    code_verifier: str = ""
    scope: str = ""
    token: str = ""


def token_entity(token: Token, text: str) -> dict[str, Any]:
    """Token: `text` is told this once."""
    return {
        "access_token": text,
        "token_type": "Bearer",
        "scope": token.scopes,
        "created_at": token.created_at // clock.SECOND,
    }


async def create(request: web.Request) -> web.Response:
    """A token for a code, or for the app alone."""
    wish = _with_basic(request, await params.read(request, _Request))
    if not wish.grant_type:
        raise oauth.InvalidRequest("Missing required parameter: grant_type.")
    give = _GRANTS.get(wish.grant_type)
    if give is None:
        raise UnsupportedGrantType("The authorization grant type is not supported by the authorization server.")
    token, text = await store.write(_create, give, wish)
    return responses.json(token_entity(token, text), headers=_NEVER_KEPT)


async def revoke(request: web.Request) -> web.Response:
    wish = _with_basic(request, await params.read(request, _Request))
    await store.write(_revoke, wish)
    return responses.empty()


async def introspect(request: web.Request) -> web.Response:
    """What a token of the app may do; of any other no more than that it is not active (RFC 7662, section 2.2)."""
    wish = _with_basic(request, await params.read(request, _Request))
    return responses.json(await store.read(_introspect, wish), headers=_NEVER_KEPT)


def _introspect(wish: _Request) -> dict[str, Any]:
    app = oauth.authenticate_app(wish.client_id, wish.client_secret)
    token = oauth.active_token(wish.token, app)
    if token is None:
        return {"active": False}
    return {
        "active": True,
        "scope": token.scopes,
        "client_id": app.client_id,
        "token_type": "Bearer",
        "iat": token.created_at // clock.SECOND,
    }


def _create(give: Any, wish: _Request) -> tuple[Token, str]:
    result: tuple[Token, str] = give(oauth.authenticate_app(wish.client_id, wish.client_secret), wish)
    return result


def _by_code(app: Application, wish: _Request) -> tuple[Token, str]:
    return oauth.exchange(app, wish.code, wish.redirect_uri, wish.code_verifier)


def _by_client(app: Application, wish: _Request) -> tuple[Token, str]:
    return oauth.client_token(app, wish.scope)


_GRANTS = {"authorization_code": _by_code, "client_credentials": _by_client}


def _revoke(wish: _Request) -> None:
    try:
        app = oauth.authenticate_app(wish.client_id, wish.client_secret)
    except oauth.InvalidClient as error:
        raise oauth.UnauthorizedClient("You are not authorized to revoke this token") from error
    oauth.revoke(wish.token, app)


def _with_basic(request: web.Request, wish: _Request) -> _Request:
    """Client id and secret from `Authorization: Basic` (RFC 6749, section 2.3.1), if they are there."""
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return wish
    try:
        pair = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError) as error:
        raise oauth.InvalidRequest("The Authorization header cannot be read.") from error
    client_id, _, client_secret = pair.partition(":")
    return msgspec.structs.replace(wish, client_id=unquote_plus(client_id), client_secret=unquote_plus(client_secret))


ROUTES = [
    web.post("/oauth/token", create),
    web.post("/oauth/revoke", revoke),
    web.post("/oauth/introspect", introspect),
]
