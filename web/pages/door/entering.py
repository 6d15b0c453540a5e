"""The steps between somebody at the door and a session: password, second factor, cookie."""

import asyncio

from aiohttp import web

from node import clock, passwords, secret, store
from node.errors import Invalid
from node.models import User
from node.services.access import attempts, logins, sessions
from node.speech import said
from web import cookies
from web.client_ip import client_ip
from web.keys import SECRET
from web.pages import answers
from web.viewer import Viewer

WRONG = said("This name and this password do not belong together.")
WRONG_PASSWORD = said("This is not your password.")

_HALF_WAY = "linnet_half_way"
_HALF_WAY_MS = 10 * clock.MINUTE
_PURPOSE = "second factor"


async def enter(request: web.Request, user_id: int, location: str, notice: str = "") -> web.Response:
    """Sign this browser in and go on. Forbidden says why this login may not."""
    former = answers.reader(request)
    token = await store.write(
        sessions.begin,
        user_id,
        client_ip(request),
        request.headers.get("User-Agent", ""),
        instead_of=None if former is None else former.session_id,
    )
    response = answers.done(request, location, notice)
    cookies.sign_in(response, token)
    response.del_cookie(_HALF_WAY, path="/")
    return response


async def check_login(request: web.Request, login: str, password: str) -> User:
    """Whose name and password these are. Invalid, in the same time, for wrong ones and unknown ones; TooMany."""
    ip = client_ip(request)
    user = await _guess("password", login, ip, await store.point(sessions.authenticate, login), password)
    if user is None:
        raise Invalid(WRONG)
    return user


async def check_password(request: web.Request, person: Viewer, password: str) -> None:
    """Before what cannot be undone: Invalid, unless it is the password of who is signed in."""
    user = await store.point(logins.by_id, person.user_id)
    if await _guess("own password", str(person.user_id), client_ip(request), user, password) is None:
        raise Invalid(WRONG_PASSWORD, {"password": WRONG_PASSWORD})


async def _guess(kind: str, login: str, ip: str, user: User | None, password: str) -> User | None:
    attempts.check(kind, login, ip)
    # Counted before the answer is known: many guesses at one moment are many guesses.
    attempts.failed(kind, login, ip)
    known = None if user is None else user.password_hash
    if not await asyncio.to_thread(passwords.verify, known, password):
        return None
    attempts.succeeded(kind, login, ip)
    return user


# ── between the password and the code ──


def wait_for_code(request: web.Request, response: web.StreamResponse, user: User) -> None:
    """This browser knows the password of `user`; for ten minutes it may show the code."""
    until = clock.now_ms() + _HALF_WAY_MS
    value = f"{user.id}.{until}.{_signature(request, user, until)}"
    cookies.put(response, _HALF_WAY, value, max_age_ms=_HALF_WAY_MS)


async def waits_for_code(request: web.Request) -> User | None:
    """Who is half way in with this browser."""
    user_id, _, rest = request.cookies.get(_HALF_WAY, "").partition(".")
    until, _, signature = rest.partition(".")
    if not all(part.isascii() and part.isdecimal() and len(part) < 19 for part in (user_id, until)):
        return None
    user = await store.point(logins.by_id, int(user_id))
    if user is None or int(until) < clock.now_ms():
        return None
    message = _message(user, int(until))
    return user if secret.is_signed(request.app[SECRET], _PURPOSE, message, signature) else None


def _signature(request: web.Request, user: User, until: int) -> str:
    return secret.sign(request.app[SECRET], _PURPOSE, _message(user, until))


def _message(user: User, until: int) -> str:
    """With the password's hash: a new password ends what an old one began."""
    return f"{user.id}.{until}.{user.password_hash}"
