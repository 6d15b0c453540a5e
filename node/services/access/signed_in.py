"""Who is asking: by access token or by session, answered from memory for nearly every request.

What ends or changes an answer says so here: it is forgotten at once here, and by a control event in other processes.
Whoever keeps a stream open listens to the same events (node/services/caching/control.py).
"""

from typing import Any, NamedTuple

import msgspec
from peewee import fn

from node import clock, streams
from node.errors import Forbidden
from node.models import Account, MemberInvitation, MemberRole, Membership, Session, Token, User
from node.models.rows import columns, row_of, rows_of
from node.passwords import token_hash
from node.services.caching.cache import Cache
from node.speech import said
from node.store import Prepared, after_commit, param

SESSION_MS = 90 * clock.DAY  # unseen for so long, a session is over
SEEN_EVERY_MS = clock.HOUR  # how precisely it is noted when somebody was here


class Capacity(NamedTuple):
    """How a login stands to the account that it speaks for just now."""

    role: MemberRole
    home_id: int  # the login's own account
    is_home_gone: bool  # that one was suspended
    accounts: int  # for how many it speaks
    invitations: int  # of organisations, to become a member

    @property
    def acts_for_others(self) -> bool:
        """As a member of an organisation, not as oneself."""
        return self.role is not MemberRole.SELF

    @property
    def by(self) -> int | None:
        """The account of who acts, where it is to be noted: in organisations (node/services/organisations/deeds.py)."""
        return self.home_id if self.acts_for_others else None


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Whom an access token speaks for. Without `account` it is the application alone.

    `account` and `user` are as they were some seconds ago: for deciding, not for showing.
    """

    token_id: int
    app_id: int
    scopes: frozenset[str]
    user: User | None
    account: Account | None
    capacity: Capacity | None
    used_at: int

    @property
    def user_id(self) -> int | None:
        return None if self.user is None else self.user.id

    @property
    def account_id(self) -> int | None:
        return None if self.account is None else self.account.id

    @property
    def should_be_noted(self) -> bool:
        """Whether `oauth.note_use` is due."""
        return clock.now_ms() - self.used_at > SEEN_EVERY_MS


class SignedIn(NamedTuple):
    session: Session
    user: User
    account: Account
    capacity: Capacity

    @property
    def should_be_noted(self) -> bool:
        """Whether `sessions.note_use` is due."""
        return clock.now_ms() - self.session.seen_at > SEEN_EVERY_MS


_tokens: Cache[str, Identity] = Cache()
_sessions: Cache[str, SignedIn] = Cache()


def by_token(token: str) -> Identity | None:
    """None for a token that does not exist (any more); Forbidden for people who may not act just now."""
    return _tokens.get(token_hash(token), _load_token)


def newcomer_by_token(token: str) -> tuple[User, frozenset[str]] | None:
    """Whose token this is, with its scopes, if it does nothing yet because their e-mail address is not confirmed."""
    found = _token_and_person(token_hash(token))
    if found is None or found[1] is None or found[1].confirmed_at is not None or found[1].disabled_at is not None:
        return None
    return found[1], frozenset(found[0].scopes.split())


def remembered_token(token: str) -> Identity | None:
    """The same without the database, for the event loop; None says nothing."""
    return _tokens.remembered(token_hash(token))


def remembered_session(token: str) -> SignedIn | None:
    return _sessions.remembered(token_hash(token))


def by_session(token: str) -> SignedIn | None:
    """None for a cookie that is worth nothing (any more)."""
    return _sessions.get(token_hash(token), _load_session)


def person(user_id: int, account_id: int) -> tuple[User, Account, Capacity] | None:
    """Asked of the rows. None unless the login speaks for the account."""
    return _PERSON.first(user=user_id, account=account_id)


def refusal(user: User, account: Account, capacity: Capacity) -> str | None:
    """Why this login may not act, in the words that apps know from Mastodon; None if it may."""
    if user.disabled_at is not None:
        return said("Your login is currently disabled")
    if user.confirmed_at is None:
        return said("Your login is missing a confirmed e-mail address")
    if user.approved_at is None:
        return said("Your login is currently pending approval")
    if account.is_gone or capacity.is_home_gone:
        return said("Your account is suspended")
    return None


# ── ends and changes, in the unit of work that makes them ──


def token_ended(token_id: int) -> None:
    _forget_with_unit("token_revoked", token_id)


def session_ended(session_id: int) -> None:
    _forget_with_unit("session_ended", session_id)


def account_suspended(account_id: int) -> None:
    """Its streams end too."""
    _forget_with_unit("account_suspended", account_id)


def account_changed(account_id: int) -> None:
    _forget_with_unit("account_changed", account_id)


def user_changed(user_id: int) -> None:
    _forget_with_unit("user_changed", user_id)


def _forget_with_unit(kind: str, an_id: int) -> None:
    forget(kind, an_id)
    after_commit(lambda: forget(kind, an_id))
    streams.publish(("control",), kind, an_id)


def forget(kind: str, an_id: int) -> None:
    """What a control event of `kind` says about `an_id` is not remembered any more."""
    if kind == "token_revoked":
        _tokens.discard_where(lambda identity: identity.token_id == an_id)
    elif kind == "session_ended":
        _sessions.discard_where(lambda signed_in: signed_in.session.id == an_id)
    elif kind == "user_changed":
        _tokens.discard_where(lambda identity: identity.user_id == an_id)
        _sessions.discard_where(lambda signed_in: signed_in.user.id == an_id)
    else:
        _tokens.discard_where(lambda identity: identity.account_id == an_id or _home_of(identity) == an_id)
        _sessions.discard_where(lambda signed_in: an_id in (signed_in.account.id, signed_in.capacity.home_id))


def _home_of(identity: Identity) -> int | None:
    return None if identity.capacity is None else identity.capacity.home_id


def forget_all() -> None:
    _tokens.clear()
    _sessions.clear()


# ── loading ──


_HOME, _OWN, _ANY = Membership.alias(), Account.alias(), Membership.alias()


def _capacity() -> list[Any]:
    """The columns of a `Capacity`, in its order; they need `_speaking`."""
    return [
        Membership.role,
        _OWN.id,
        _OWN.suspended_at.is_null(False) | _OWN.deleted_at.is_null(False),
        _ANY.select(fn.COUNT(_ANY.id)).where(_ANY.user == User.id),
        MemberInvitation.select(fn.COUNT(MemberInvitation.id)).where(MemberInvitation.invited == _OWN.id),
    ]


def _speaking(query: Any) -> Any:
    """Of `query` over logins and accounts, what speaks for what; with the login's own account."""
    return (
        query.join(Membership, on=(Membership.user == User.id) & (Membership.account == Account.id))
        .join(_HOME, on=(_HOME.user == User.id) & (_HOME.role == MemberRole.SELF))
        .join(_OWN, on=(_OWN.id == _HOME.account))
    )


def _with_capacity(*models: Any) -> Any:
    """Makes rows of several models, and the capacity, from one row of all their columns."""
    width = sum(len(columns(model)) for model in models)
    make = rows_of(*models)

    def made(*values: Any) -> tuple[Any, ...]:
        role, home_id, is_gone, accounts, invitations = values[width:]
        capacity = Capacity(MemberRole(role), home_id, bool(is_gone), accounts, invitations)
        return (*make(*values[:width]), capacity)

    return made


_TOKEN = Prepared(lambda: Token.select(*columns(Token)).where(Token.token_hash == param("hash")), row_of(Token))
_PERSON = Prepared(
    lambda: _speaking(
        User.select(*columns(User), *columns(Account), *_capacity())
        .join(Account, on=(Account.id == param("account")))
        .switch(User)
    ).where(User.id == param("user")),
    _with_capacity(User, Account),
)
_SESSION = Prepared(
    lambda: _speaking(
        Session.select(*columns(Session), *columns(User), *columns(Account), *_capacity())
        .join(User, on=(Session.user == User.id))
        .join(Account, on=(Session.account == Account.id))
    ).where(Session.token_hash == param("hash"), Session.seen_at > param("oldest")),
    _with_capacity(Session, User, Account),
)


def _token_and_person(hashed: str) -> tuple[Token, User | None, Account | None, Capacity | None] | None:
    token = _TOKEN.first(hash=hashed)
    if token is None or token.user is None:
        return None if token is None else (token, None, None, None)
    found = person(token.user, token.account)
    return None if found is None else (token, *found)


def _load_token(hashed: str) -> Identity | None:
    found = _token_and_person(hashed)
    if found is None:
        return None
    token, user, account, capacity = found
    if user is not None and account is not None and capacity is not None:
        reason = refusal(user, account, capacity)
        if reason is not None:
            raise Forbidden(reason)
    return Identity(
        token_id=token.id,
        app_id=token.application,
        scopes=frozenset(token.scopes.split()),
        user=user,
        account=account,
        capacity=capacity,
        used_at=token.used_at or 0,
    )


def _load_session(hashed: str) -> SignedIn | None:
    row = _SESSION.first(hash=hashed, oldest=clock.now_ms() - SESSION_MS)
    if row is None:
        return None
    signed_in = SignedIn(*row)
    return None if refusal(signed_in.user, signed_in.account, signed_in.capacity) else signed_in
