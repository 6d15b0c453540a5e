"""Addresses whose holder may do one thing, once."""

from enum import StrEnum

from node import clock, passwords
from node.errors import NotFound
from node.models import OneTimeLink

USED = "This link has been used already, or it is too old. Please ask for a new one."


class Purpose(StrEnum):
    FIRST_ADMIN = "first-admin"
    RESET_PASSWORD = "reset-password"  # noqa: S105 - a purpose, not a password
    CONFIRM_EMAIL = "confirm-email"


def issue(purpose: Purpose, user_id: int | None, ttl_ms: int, detail: str = "") -> str:
    """The token of a new link; earlier ones of the same purpose and login are void."""
    same_user = OneTimeLink.user.is_null() if user_id is None else OneTimeLink.user == user_id
    OneTimeLink.delete().where((OneTimeLink.purpose == purpose) & same_user).execute()
    token = passwords.token()
    OneTimeLink.create(
        token_hash=passwords.token_hash(token),
        purpose=purpose,
        user=user_id,
        detail=detail,
        expires_at=clock.now_ms() + ttl_ms,
    )
    return token


def peek(purpose: Purpose, token: str) -> OneTimeLink:
    """The link, still unused: for showing what it is for. NotFound when it is worth nothing."""
    link = OneTimeLink.get_or_none(
        (OneTimeLink.token_hash == passwords.token_hash(token))
        & (OneTimeLink.purpose == purpose)
        & (OneTimeLink.expires_at > clock.now_ms())
    )
    if link is None:
        raise NotFound(USED)
    return link


def use(purpose: Purpose, token: str) -> OneTimeLink:
    """The link, which is void from now on."""
    link = peek(purpose, token)
    # Of two who use it at one moment, one deletes the row.
    if not OneTimeLink.delete().where(OneTimeLink.id == link.id).execute():
        raise NotFound(USED)
    return link


def detail(purpose: Purpose, user_id: int) -> str:
    """Of the link that this login has for `purpose`; empty if it has none."""
    now = clock.now_ms()
    link = OneTimeLink.get_or_none(
        (OneTimeLink.purpose == purpose) & (OneTimeLink.user == user_id) & (OneTimeLink.expires_at > now)
    )
    return "" if link is None else str(link.detail)


def delete_expired() -> int:
    return int(OneTimeLink.delete().where(OneTimeLink.expires_at <= clock.now_ms()).execute())
