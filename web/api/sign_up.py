"""https://docs.joinmastodon.org/methods/accounts/#create: becoming a member through an app."""

import asyncio
from dataclasses import replace

import msgspec
from aiohttp import web

from node import passwords, store
from node.errors import Forbidden
from node.keys import KeyPair, generate_rsa
from node.models import Application, Token
from node.services.access import oauth, password, registration, signed_in
from node.services.access.registration import SignUp
from node.services.access.signed_in import Identity
from node.services.accounts import lookup as account_lookup
from web import responses, route
from web.client_ip import client_ip
from web.inputs import Input, any_token, takes
from web.oauth.token import token_entity
from web.viewer import OUTSIDE_SCOPES, bearer, check_scopes, require


class _SignUp(msgspec.Struct):
    username: str = ""
    email: str = ""
    password: str = ""
    agreement: bool = False
    locale: str = "en"
    reason: str = ""
    invite_code: str = ""
    date_of_birth: str = ""


async def create(request: web.Request, identity: Identity, wish: _SignUp) -> web.Response:
    """The token works once the account is approved and confirmed."""
    if identity.user_id is not None:
        raise Forbidden(OUTSIDE_SCOPES)
    entered = SignUp(
        username=wish.username,
        password_hash="",
        email=wish.email,
        reason=wish.reason,
        invite_code=wish.invite_code,
        locale=wish.locale,
        ip=client_ip(request),
        agreement=wish.agreement,
        date_of_birth=wish.date_of_birth,
    )
    password.check(wish.password)
    await store.read(registration.check, entered)
    password_hash = await asyncio.to_thread(passwords.hash_password, wish.password)
    keys = await asyncio.to_thread(generate_rsa)
    entered = replace(entered, password_hash=password_hash)
    token, text = await store.write(_sign_up, entered, keys, identity.app_id, " ".join(sorted(identity.scopes)))
    return responses.json(token_entity(token, text))


def _sign_up(entered: SignUp, keys: KeyPair, app_id: int, scopes: str) -> tuple[Token, str]:
    user = registration.sign_up(entered, keys)
    account = account_lookup.account_of(user.id)
    return oauth.create_token(
        Application.get_by_id(app_id), scopes, user_id=user.id, account_id=None if account is None else account.id
    )


async def _newcomer(request: web.Request) -> int:
    """The id of the login. Their token does nothing else yet, so the middleware knows nobody."""
    token = bearer(request)
    found = await store.point(signed_in.newcomer_by_token, token) if token else None
    if found is None:
        require(request, *_SCOPES)
        raise Forbidden(registration.CONFIRMED)
    user, scopes = found
    check_scopes(scopes, _SCOPES)
    return int(user.id)


_SCOPES = ("write:accounts",)
newcomer: Input[int] = Input(take=_newcomer, scopes=_SCOPES, is_required=True, is_awaited=True)


class _Address(msgspec.Struct):
    email: str = ""


async def confirm_again(_: web.Request, user_id: int, wish: _Address) -> web.Response:
    """Another letter, or one to another address: where the first was mistyped, nobody comes in."""
    await store.write(registration.ask_again, user_id, wish.email)
    return responses.empty()


ROUTES = [
    route.post("/api/v1/accounts", create, any_token("write:accounts"), takes(_SignUp)),
    route.post("/api/v1/emails/confirmations", confirm_again, newcomer, takes(_Address)),
]
