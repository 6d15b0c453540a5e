"""Who is asking: by access token or by session, answered from memory for nearly every request.

What ends or changes an answer says so here: it is forgotten at once here, and by a control event in other processes.
Whoever keeps a stream open listens to the same events (node/services/caching/control.py).
"""

from typing import Any, NamedTuple

import msgspec

from node import clock, streams
from node.errors import Forbidden
from node.models import Account, Session, Token, User
from node.models.rows import columns, row_of
from node.passwords import token_hash
from node.services.caching.cache import Cache
from node.speech import said
from node.store import Prepared, after_commit, param

SESSION_MS = 90 * clock.DAY  # unseen for so long, a session is over
SEEN_EVERY_MS = clock.HOUR  # how precisely it is noted when somebody was here


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Whom an access token speaks for. Without `account` it is the application alone.

    `account` and `user` are as they were some seconds ago: for deciding, not for showing.
    """

    token_id: int
    app_id: int
    scopes: frozenset[str]
    user: User | None
    account: Account | None
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


def refusal(user: User, account: Account) -> str | None:
    """Why this login may not act, in the words that apps know from Mastodon; None if it may."""
    if user.disabled_at is not None:
        return said("Your login is currently disabled")
    if user.confirmed_at is None:
        return said("Your login is missing a confirmed e-mail address")
    if user.approved_at is None:
        return said("Your login is currently pending approval")
    if account.is_gone:
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
        _tokens.discard_where(lambda identity: identity.account_id == an_id)
        _sessions.discard_where(lambda signed_in: signed_in.account.id == an_id)


def forget_all() -> None:
    _tokens.clear()
    _sessions.clear()


# ── loading ──


def _split(*models: Any) -> Any:
    """Makes rows of several models from one row of all their columns."""
    makers = [(row_of(model), len(columns(model))) for model in models]

    def make(*values: Any) -> tuple[Any, ...]:
        rows, start = [], 0
        for maker, width in makers:
            rows.append(maker(*values[start : start + width]))
            start += width
        return tuple(rows)

    return make


_TOKEN = Prepared(lambda: Token.select(*columns(Token)).where(Token.token_hash == param("hash")), row_of(Token))
_PERSON = Prepared(
    lambda: (
        User.select(*columns(User), *columns(Account))
        .join(Account, on=(Account.id == param("account")))
        .where(User.id == param("user"))
    ),
    _split(User, Account),
)
_SESSION = Prepared(
    lambda: (
        Session.select(*columns(Session), *columns(User), *columns(Account))
        .join(User, on=(Session.user == User.id))
        .join(Account, on=(Session.account == Account.id))
        .where(Session.token_hash == param("hash"), Session.seen_at > param("oldest"))
    ),
    _split(Session, User, Account),
)


def _token_and_person(hashed: str) -> tuple[Token, User | None, Account | None] | None:
    token = _TOKEN.first(hash=hashed)
    if token is None or token.user is None:
        return None if token is None else (token, None, None)
    person = _PERSON.first(user=token.user, account=token.account)
    return None if person is None else (token, *person)


def _load_token(hashed: str) -> Identity | None:
    found = _token_and_person(hashed)
    if found is None:
        return None
    token, user, account = found
    if user is not None and account is not None and (reason := refusal(user, account)):
        raise Forbidden(reason)
    return Identity(
        token_id=token.id,
        app_id=token.application,
        scopes=frozenset(token.scopes.split()),
        user=user,
        account=account,
        used_at=token.used_at or 0,
    )


def _load_session(hashed: str) -> SignedIn | None:
    row = _SESSION.first(hash=hashed, oldest=clock.now_ms() - SESSION_MS)
    if row is None:
        return None
    signed_in = SignedIn(*row)
    return None if refusal(signed_in.user, signed_in.account) else signed_in
