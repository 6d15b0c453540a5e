"""Changing and resetting a password. Hash it before, in a thread: `passwords.hash_password`."""

from node import clock, passwords, site
from node.errors import Invalid
from node.models import Token, User
from node.services.access import mail, one_time_links, sessions, signed_in
from node.services.access.emails import email_key
from node.services.access.one_time_links import Purpose
from node.speech import said

RESET_MS = 6 * clock.HOUR


def check(password: str) -> str:
    """`password`, if it may be one; Invalid if not. Before hashing."""
    if len(password) < passwords.MIN_PASSWORD_CHARS:
        message = said("A password needs %(most)s characters at least.", most=passwords.MIN_PASSWORD_CHARS)
    elif len(password) > passwords.MAX_PASSWORD_CHARS:
        message = said("A password can have %(most)s characters at most.", most=passwords.MAX_PASSWORD_CHARS)
    else:
        return password
    raise Invalid(message, {"password": message})


def change(user_id: int, password_hash: str, *, keep_session_id: int | None = None) -> None:
    """Every other session and every app has to sign in again: whoever had the old password is out."""
    User.update(password_hash=password_hash).where(User.id == user_id).execute()
    sessions.end_all_but(user_id, keep_session_id)
    end_tokens(user_id)
    signed_in.user_changed(user_id)


def end_tokens(user_id: int) -> None:
    for token in Token.select(Token.id).where(Token.user == user_id):
        signed_in.token_ended(token.id)
    Token.delete().where(Token.user == user_id).execute()


def request_reset(address: str) -> None:
    """Send a link to `address` if it is somebody's. Whoever asks is not told whether it is."""
    user = User.get_or_none(User.email_key == email_key(address[:300]))
    if user is not None and user.email and user.disabled_at is None:
        url = reset_link(user.id)
        text = said(
            "To set a new password, open this address within six hours:\n\n%(address)s\n\n"
            "If you did not ask for this, do nothing: your password stays as it is.",
            address=url,
        )
        mail.send(user, said("set a new password"), text)


def reset_link(user_id: int) -> str:
    """The address where a new password can be set once; for letters and for operators."""
    return site.one_time_url(Purpose.RESET_PASSWORD, one_time_links.issue(Purpose.RESET_PASSWORD, user_id, RESET_MS))


def reset(token: str, password_hash: str) -> User:
    """Set the password with a link's token; NotFound when the link is worth nothing (any more)."""
    link = one_time_links.use(Purpose.RESET_PASSWORD, token)
    change(link.user, password_hash)
    return User.get_by_id(link.user)
