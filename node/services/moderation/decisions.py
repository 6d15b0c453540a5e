"""What moderators do about accounts and logins; each decision is recorded in its own transaction."""

from typing import Any

from node import clock
from node.errors import Invalid, NotFound
from node.jobs import JobKind, enqueue
from node.models import Account, Follow, Role, SeveranceKind, User
from node.services import accounts, follows
from node.services.access import password, sessions, signed_in, speaking
from node.services.accounts import lookup as account_lookup
from node.services.follows import severances
from node.services.moderation import audit, roles


def silence(account_id: int, by: Account | None) -> None:
    """Only followers see it from now on."""
    _set(account_id, by, "silence.account", silenced_at=clock.now_ms())


def unsilence(account_id: int, by: Account | None) -> None:
    _set(account_id, by, "unsilence.account", silenced_at=None)


def sensitize(account_id: int, by: Account | None) -> None:
    """All its pictures are behind a warning from now on."""
    _set(account_id, by, "sensitize.account", sensitized_at=clock.now_ms())


def unsensitize(account_id: int, by: Account | None) -> None:
    _set(account_id, by, "unsensitize.account", sensitized_at=None)


def suspend(account_id: int, by: Account | None) -> None:
    """Nothing of it is shown or believed, and nobody speaks for it any more; until it is taken back.

    Elsewhere it goes on reading, so that its follows of people here end, and do not come back.
    """
    _refuse_waiting(account_id)
    _end_following(account_id, by)
    _set(account_id, by, "suspend.account", suspended_at=clock.now_ms())
    speaking.end_all(account_id)


def unsuspend(account_id: int, by: Account | None) -> None:
    """Sessions and apps have to sign in again."""
    _refuse_waiting(account_id)
    _set(account_id, by, "unsuspend.account", suspended_at=None)


def delete(account_id: int, by: Account | None) -> None:
    """A local account ends for good."""
    account = _target(account_id, by)
    accounts.delete_local(account_id)
    audit.record(by, "delete.account", audit.handle(account))


def disable(user_id: int, by: Account | None) -> None:
    """Nobody can sign in with it; its account stays visible."""
    user = _login(user_id, by)
    if user.disabled_at is None:
        User.update(disabled_at=clock.now_ms()).where(User.id == user_id).execute()
        sessions.end_all_but(user_id)
        password.end_tokens(user_id)
        signed_in.user_changed(user_id)
        audit.record(by, "disable.user", _name_of(user_id))


def enable(user_id: int, by: Account | None) -> None:
    user = _login(user_id, by)
    if user.disabled_at is not None:
        User.update(disabled_at=None).where(User.id == user_id).execute()
        signed_in.user_changed(user_id)
        audit.record(by, "enable.user", _name_of(user_id))


def set_role(user_id: int, role: Role, by: Account | None) -> None:
    """By administrators alone. Nobody gives what they do not stand above, and nobody changes their own role."""
    roles.require(by, Role.ADMIN)
    user = _login(user_id, by)
    if user.role == role:
        return
    refuse_last_admin(user_id)
    User.update(role=role).where(User.id == user_id).execute()
    signed_in.user_changed(user_id)
    audit.record(by, "change.role", _name_of(user_id), {"from": user.role, "to": role})


def refuse_last_admin(user_id: int) -> None:
    """Invalid, if nobody would administer the node without this login."""
    admins = [user.id for user in User.select(User.id).where(User.role == Role.ADMIN)]
    if admins == [user_id]:
        raise Invalid("This is the last administrator of the node. Make somebody else one before.")


def reset_link(user_id: int, by: Account | None) -> str:
    """An address where the login's password can be set once, to be handed over by an administrator.

    Whoever holds it can become that person, so moderators get none.
    """
    roles.require(by, Role.ADMIN)
    _login(user_id, by)
    audit.record(by, "reset.password", _name_of(user_id))
    return password.reset_link(user_id)


def _set(account_id: int, by: Account | None, action: str, **columns: Any) -> None:
    """Doing it twice changes nothing, and is recorded once."""
    account = _target(account_id, by)
    (name, value), *_ = columns.items()
    if (getattr(account, name) is None) == (value is None):
        return
    Account.update(**columns, version=Account.version + 1).where(Account.id == account_id).execute()
    audit.record(by, action, audit.handle(account))
    signed_in.account_suspended(account_id) if name == "suspended_at" else signed_in.account_changed(account_id)
    if account.is_local:
        enqueue(JobKind.SEND_PROFILE, account_id, once=True)


def _refuse_waiting(account_id: int) -> None:
    """Newcomers are suspended from birth until they are let in, which is another decision (registration.py)."""
    account = account_lookup.by_id(account_id)
    if account is not None and account.is_local and account.suspended_at == account.created_at:
        raise Invalid("This person waits to be let in. Approve or reject them.")


def _end_following(account_id: int, by: Account | None) -> None:
    account = _target(account_id, by)
    if account.is_local or account.suspended_at is not None:
        return
    lost = severances.followers_lost([account_id])
    for follow in list(Follow.select(Follow.target).where(Follow.account == account_id)):
        follows.remove_follower(follow.target_id, account_id)
    severances.record(SeveranceKind.ACCOUNT_SUSPENSION, audit.handle(account).removeprefix("@"), lost)


def _target(account_id: int, by: Account | None) -> Account:
    account = account_lookup.by_id(account_id)
    if account is None or account.deleted_at is not None:
        raise NotFound(account_lookup.NOT_FOUND)
    roles.require_above(by, account_id)
    return account


def _login(user_id: int, by: Account | None) -> User:
    user = User.get_or_none(User.id == user_id)
    if user is None:
        raise NotFound("There is no such login.")
    roles.require_above_user(by, user)
    return user


def _name_of(user_id: int) -> str:
    account = account_lookup.account_of(user_id)
    return audit.handle(account) if account is not None else f"login {user_id}"
