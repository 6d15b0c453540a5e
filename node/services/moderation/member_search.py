"""Accounts as the administration API asks for them, by many marks at once."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from node import site
from node.models import Account, Invite, MemberRole, Membership, Role, Session, User
from node.models.access import exists
from node.paging import Page
from node.services.access.emails import email_key
from node.text.domains import normal_domain
from node.text.names import fold_name

STAFF = tuple(role for role in Role if role.is_staff)


class State(StrEnum):
    ACTIVE = "active"
    PENDING = "pending"
    DISABLED = "disabled"
    SILENCED = "silenced"
    SENSITIZED = "sensitized"
    SUSPENDED = "suspended"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Everything that is given must hold."""

    local: bool | None = None
    states: tuple[State, ...] = ()
    roles: tuple[Role, ...] | None = None  # one of them
    invited_by: int | None = None  # an account
    username: str = ""
    display_name: str = ""
    domain: str = ""
    email: str = ""
    ip: str = ""


def find(wanted: Wanted, page: Page) -> list[Account]:
    """Newest first, without the node itself, about which nobody decides."""
    query = Account.select().where(Account.deleted_at.is_null(), Account.uri != site.instance_actor_uri())
    for condition in _conditions(wanted):
        query = query.where(condition)
    return page.of(query, Account.id)


def _conditions(wanted: Wanted) -> list[Any]:
    found = [_STATES[state]() for state in wanted.states]
    if wanted.local is not None:
        found.append((Account.domain == "") if wanted.local else (Account.domain != ""))
    if wanted.roles is not None:
        found.append(_login(User.role.in_([str(role) for role in wanted.roles])))
    if wanted.invited_by is not None:
        found.append(_login(User.invite.in_(Invite.select(Invite.id).where(Invite.account == wanted.invited_by))))
    if wanted.username:
        found.append(Account.username_key.startswith(fold_name(wanted.username)))
    if wanted.display_name:
        found.append(Account.display_name.startswith(wanted.display_name))
    if wanted.domain:
        found.append(Account.domain == (normal_domain(wanted.domain) or wanted.domain.lower()))
    if wanted.email:
        found.append(_login(User.email_key.startswith(email_key(wanted.email))))
    if wanted.ip:
        seen = exists(Session, Session.user == User.id, Session.ip == wanted.ip)
        found.append(_login((User.sign_up_ip == wanted.ip) | seen))
    return found


def _login(condition: Any) -> Any:
    """It is the own account of a login of which this holds."""
    logins = Membership.select(Membership.account).join(User, on=(User.id == Membership.user))
    return Account.id.in_(logins.where(Membership.role == MemberRole.SELF, condition))


def _waits() -> Any:
    return _login(User.approved_at.is_null())


_STATES = {
    State.ACTIVE: lambda: (
        Account.suspended_at.is_null() & Account.silenced_at.is_null() & ~_login(User.disabled_at.is_null(False))
    ),
    State.PENDING: _waits,
    State.DISABLED: lambda: _login(User.disabled_at.is_null(False)),
    State.SILENCED: lambda: Account.silenced_at.is_null(False),
    State.SENSITIZED: lambda: Account.sensitized_at.is_null(False),
    # Who still waits is suspended from birth, which is not what this word says (members.py).
    State.SUSPENDED: lambda: Account.suspended_at.is_null(False) & ~_waits(),
}
