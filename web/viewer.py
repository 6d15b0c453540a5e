"""Who is asking, and with which scopes.

The middleware identifies everybody before the handler runs, so that handlers need not wait:

    reader = viewer(request)                        somebody or None, for pages
    reader = optional(request, "read:statuses")     the same for the API: a token must hold the scope
    person = require(request, "write:statuses")     somebody, or an error
"""

from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple

from aiohttp import web

from node import store
from node.errors import Forbidden, Invalid, NodeError, Unauthorized
from node.models import Account, Role, User
from node.services.access import oauth, scopes, sessions, signed_in
from node.services.access.signed_in import Capacity, Identity
from node.speech import said
from web import cookies
from web.client_ip import client_ip

INVALID_TOKEN = "The access token is invalid"  # noqa: S105 - a message
OUTSIDE_SCOPES = "This action is outside the authorized scopes"
NOT_STAFF = "This action is not allowed"
NEEDS_USER = "This method requires an authenticated user"

# Here only tokens count, or nobody in particular is meant. Cookies would let any page that a browser shows act in its
# reader's name.
_WITHOUT_COOKIES = (
    "/api/",
    "/oauth/token",
    "/oauth/revoke",
    "/oauth/introspect",
    "/oauth/userinfo",
    "/ap/",
    "/.well-known/",
    "/nodeinfo",
    "/media/",
    "/proxy/",
    "/static/",
    "/health",
)


class NeedsUser(Invalid):
    """A token of an app alone, where a person is needed: 422, as Mastodon has it."""


class Viewer(NamedTuple):
    """Somebody who is signed in. `account` and `user` may be seconds old: for deciding, not for showing."""

    account: Account
    user: User
    scopes: frozenset[str] | None  # None: a browser session, which may do everything
    token_id: int | None
    app_id: int | None
    session_id: int | None
    capacity: Capacity

    @property
    def account_id(self) -> int:
        return int(self.account.id)

    @property
    def user_id(self) -> int:
        return int(self.user.id)

    @property
    def role(self) -> Role:
        """Of the staff. What it does, persons do: nobody administers this node as an organisation."""
        return Role.USER if self.capacity.acts_for_others else Role(self.user.role)

    def allows(self, scope: str) -> bool:
        return self.scopes is None or scopes.allows(self.scopes, scope)


class _Asker(NamedTuple):
    """All that is known of who asks. One thing for each request, because each look costs every request."""

    viewer: Viewer | None = None
    identity: Identity | None = None
    refusal: NodeError | None = None


_ASKER = web.RequestKey("asker", _Asker)
_NOBODY = _Asker()


def viewer(request: web.Request) -> Viewer | None:
    return request.get(_ASKER, _NOBODY).viewer


def identity(request: web.Request) -> Identity | None:
    """Whom the access token speaks for, which may be an app alone."""
    return request.get(_ASKER, _NOBODY).identity


def require(request: web.Request, *needed: str) -> Viewer:
    """Somebody whose token holds one of the scopes."""
    person, identity, refusal = request.get(_ASKER, _NOBODY)
    if person is None:
        if refusal is not None:
            raise refusal
        if identity is not None:
            raise NeedsUser(NEEDS_USER)
        raise Unauthorized(INVALID_TOKEN)
    check_scopes(person.scopes, needed)
    return person


def optional(request: web.Request, *needed: str) -> Viewer | None:
    """Anybody; but a token that is used must hold one of the scopes."""
    person = viewer(request)
    if person is not None:
        check_scopes(person.scopes, needed)
    return person


def require_token(request: web.Request, *needed: str) -> Identity:
    """A token, of a person or of an app alone."""
    _, found, refusal = request.get(_ASKER, _NOBODY)
    if found is None:
        raise refusal or Unauthorized(INVALID_TOKEN)
    check_scopes(found.scopes, needed)
    return found


def require_staff(request: web.Request, scope: str, role: Role = Role.MODERATOR) -> Viewer:
    """For the administration API: somebody with at least `role`, whose token holds the scope."""
    person = require(request, scope)
    if person.role.rank < role.rank:
        raise Forbidden(NOT_STAFF)
    return person


def bearer(request: web.Request) -> str | None:
    """The access token of a request: in the header (RFC 6750, section 2.1), or in the query, as streams need it."""
    header = request.headers.get("Authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        return token.strip() if scheme.lower() == "bearer" else None
    if "access_token=" in request.rel_url.raw_query_string:
        return request.rel_url.query.get("access_token")
    return None


async def as_account(person: Viewer, account_id: int | None) -> Viewer:
    """`person` acting for that account of the login, or as it is; Forbidden for accounts of others."""
    return person if account_id in (None, person.account_id) else await store.point(_as_account, person, account_id)


def _as_account(person: Viewer, account_id: int) -> Viewer:
    found = signed_in.person(person.user_id, account_id)
    if found is None:
        raise Forbidden("This login does not speak for that account.")
    if reason := signed_in.refusal(*found):
        raise Forbidden(said("%(reason)s.", reason=reason))
    user, account, capacity = found
    return person._replace(user=user, account=account, capacity=capacity)


async def identify(request: web.Request) -> Viewer | None:
    """Find out, once, before the handler. Nobody is refused here: `require` and `optional` decide."""
    token = bearer(request)
    if token:
        return await identify_token(request, token)
    request[_ASKER] = _NOBODY
    if not request.path.startswith(_WITHOUT_COOKIES) and (cookie := request.cookies.get(cookies.SESSION)):
        return await _by_session(request, cookie)
    return None


async def identify_token(request: web.Request, token: str) -> Viewer | None:
    """For streams, which may find the token in another place."""
    try:
        found = signed_in.remembered_token(token) or await store.point(oauth.identify, token)
    except Forbidden as refusal:
        request[_ASKER] = _Asker(refusal=refusal)
        return None
    if found is None:
        request[_ASKER] = _NOBODY
        return None
    person = None
    if found.user is not None and found.account is not None and found.capacity is not None:
        person = Viewer(found.account, found.user, found.scopes, found.token_id, found.app_id, None, found.capacity)
    request[_ASKER] = _Asker(person, found)
    if found.should_be_noted:
        # That somebody was here is worth a row an hour, and no failure.
        with suppress(NodeError):
            await store.write(oauth.note_use, found)
    return person


async def _by_session(request: web.Request, cookie: str) -> Viewer | None:
    found = signed_in.remembered_session(cookie) or await store.point(sessions.by_token, cookie)
    if found is None:
        return None
    person = Viewer(found.account, found.user, None, None, None, found.session.id, found.capacity)
    request[_ASKER] = _Asker(person)
    if found.should_be_noted:
        with suppress(NodeError):
            await store.write(sessions.note_use, found.session.id, client_ip(request))
    return person


def check_scopes(granted: frozenset[str] | None, needed: tuple[str, ...]) -> None:
    if granted is not None and needed and not _allows_one(granted, needed):
        raise Forbidden(OUTSIDE_SCOPES)


@lru_cache(maxsize=4096)
def _allows_one(granted: frozenset[str], needed: tuple[str, ...]) -> bool:
    return any(scopes.allows(granted, scope) for scope in needed)
