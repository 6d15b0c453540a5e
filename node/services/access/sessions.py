"""Browsers that are signed in."""

from node import clock, passwords
from node.errors import Forbidden, NotFound
from node.models import Account, MemberRole, Membership, Session, User
from node.services.access import signed_in
from node.services.access.emails import email_key
from node.services.access.signed_in import SignedIn
from node.services.accounts import lookup as account_lookup
from node.speech import said
from node.text.names import fold_name

MAX_AGENT_CHARS = 500


def authenticate(email_or_username: str) -> User | None:
    """The login of that address or name. Verify the password in a thread, for nobody too:

    `user = authenticate(text)`, then `passwords.verify(user.password_hash if user else None, password)`.
    """
    text = email_or_username.strip()[:300]
    if "@" in text.removeprefix("@"):
        return User.get_or_none(User.email_key == email_key(text))
    query = (
        User.select()
        .join(Membership, on=(Membership.user == User.id))
        .join(Account, on=(Membership.account == Account.id))
        .where(Account.username_key == fold_name(text.removeprefix("@")), Account.domain == "")
        .where(Membership.role == MemberRole.SELF)  # organisations have no password
    )
    return query.first()


def open(user: User, account: Account, ip: str, agent: str) -> str:  # noqa: A001 - sessions.open reads well
    """The token of a new session. Forbidden says why this login may not sign in."""
    check(user.id, account.id)
    token = passwords.token()
    now = clock.now_ms()
    Session.create(
        token_hash=passwords.token_hash(token),
        user=user.id,
        account=account.id,
        ip=ip,
        user_agent=agent[:MAX_AGENT_CHARS],
        created_at=now,
        seen_at=now,
    )
    User.update(last_active_at=now).where(User.id == user.id).execute()
    return token


def check(user_id: int, account_id: int) -> MemberRole:
    """In which role the login speaks for the account; Forbidden says why it does not."""
    found = signed_in.person(user_id, account_id)
    if found is None:
        raise Forbidden("This login does not speak for that account.")
    if reason := signed_in.refusal(*found):
        raise Forbidden(said("%(reason)s.", reason=reason))
    return found[2].role


def begin(user_id: int, ip: str, agent: str, *, instead_of: int | None = None) -> str:
    """`open` for the own account of a login; the session that this browser had before ends."""
    user, account = User.get_or_none(User.id == user_id), account_lookup.account_of(user_id)
    if user is None or account is None:
        raise Forbidden("This login speaks for no account.")
    if instead_of is not None:
        former = Session.get_or_none(Session.id == instead_of)
        if former is not None:
            end(former.user, former.id)
    return open(user, account, ip, agent)


def switch(user_id: int, session_id: int, account_id: int) -> Account:
    """Let this browser act as another account of the login; Forbidden, if it speaks for no such account."""
    check(user_id, account_id)
    Session.update(account=account_id).where(Session.id == session_id, Session.user == user_id).execute()
    signed_in.session_ended(session_id)  # what it was is forgotten, and its streams begin anew
    return Account.get_by_id(account_id)


def by_token(token: str) -> SignedIn | None:
    """Who is signed in with this cookie. From memory: takes microseconds."""
    return signed_in.by_session(token)


def note_use(session_id: int, ip: str) -> None:
    """Somebody is here; called when `SignedIn.should_be_noted`."""
    now = clock.now_ms()
    Session.update(seen_at=now, ip=ip).where(Session.id == session_id).execute()
    user = Session.select(Session.user).where(Session.id == session_id)
    User.update(last_active_at=now).where(User.id.in_(user)).execute()
    signed_in.forget("session_ended", session_id)


def of(user_id: int) -> list[Session]:
    """The last seen first."""
    return list(Session.select().where(Session.user == user_id).order_by(Session.seen_at.desc(), Session.id.desc()))


def end(user_id: int, session_id: int) -> None:
    """NotFound for sessions of others."""
    if not Session.delete().where(Session.id == session_id, Session.user == user_id).execute():
        raise NotFound("There is no such session.")
    signed_in.session_ended(session_id)


def end_all_but(user_id: int, session_id: int | None = None) -> None:
    for session in of(user_id):
        if session.id != session_id:
            end(user_id, session.id)


def delete_expired() -> int:
    """Rows of sessions that were not used for so long that their cookies are worth nothing."""
    return int(Session.delete().where(Session.seen_at < clock.now_ms() - signed_in.SESSION_MS).execute())
