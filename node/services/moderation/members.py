"""Accounts as the staff sees them: with the login behind, found by more than their name."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any, NamedTuple

from node import config, site
from node.models import Account, Invite, MemberRole, Membership, Role, Session, User
from node.paging import Page
from node.services.access import registration
from node.services.access.emails import email_key
from node.store import in_ids
from node.text.domains import normal_domain
from node.text.names import fold_name


class State(StrEnum):
    """What a list can be narrowed to."""

    ANY = ""
    SUSPENDED = "suspended"
    SILENCED = "silenced"
    DISABLED = "disabled"


class Member(NamedTuple):
    """An account, and the login whose own it is; remote accounts and organisations have none."""

    account: Account
    user: User | None
    role: Role
    invited_by: str  # user name, or empty
    inviter_id: int | None
    ip: str  # the last one that is still known

    @property
    def is_waiting(self) -> bool:
        return self.user is not None and registration.is_waiting(self.user)

    @property
    def is_suspended(self) -> bool:
        """Newcomers who still wait are suspended from birth, which is not what this word says to people."""
        born = self.is_waiting and self.account.suspended_at == self.account.created_at
        return self.account.suspended_at is not None and not born


def find(text: str, state: State, page: Page, *, local: bool | None = None) -> list[Account]:
    """Newest first: everybody but the node itself, or those whose name, handle, domain or address begins with `text`."""
    exists = Account.deleted_at.is_null() & (Account.uri != site.instance_actor_uri())
    query = Account.select().where(exists, _fits(text.strip()), _is(state))
    if local is not None:
        query = query.where((Account.domain == "") if local else (Account.domain != ""))
    return page.of(query, Account.id)


def of(accounts: Iterable[Account]) -> list[Member]:
    """In a fixed number of queries."""
    rows = list(accounts)
    logins = _logins([row.id for row in rows if row.is_local])
    inviters = _inviters({user.invite for user in logins.values() if user.invite is not None})
    ips = _addresses(list(logins.values()))
    return [_member(row, logins.get(row.id), inviters, ips) for row in rows]


def _member(account: Account, user: User | None, inviters: dict[int, tuple[int, str]], ips: dict[int, str]) -> Member:
    if user is None:
        return Member(account, None, Role.USER, "", None, "")
    inviter_id, invited_by = inviters.get(user.invite or 0, (None, ""))
    return Member(account, user, Role(user.role), invited_by, inviter_id, ips.get(user.id, ""))


def _fits(text: str) -> Any:
    """No text fits everybody."""
    if not text:
        return Account.id.is_null(False)
    name, _, domain = text.removeprefix("@").partition("@")
    fits = Account.username_key.startswith(fold_name(name)) if name else Account.id.is_null(False)
    if domain:
        fits &= Account.domain.startswith(normal_domain(domain) or domain.lower())
        by_address = User.email_key.startswith(email_key(text))
        return fits | Account.id.in_(_own(by_address))
    host = normal_domain(text)
    if host is not None and "." in host:
        host = config.host_without_port(host)
        fits |= (Account.domain == host) | Account.domain.endswith(f".{host}")
    return fits | Account.display_name.contains(text)


def _is(state: State) -> Any:
    if state is State.SUSPENDED:
        return Account.suspended_at.is_null(False)
    if state is State.SILENCED:
        return Account.silenced_at.is_null(False)
    if state is State.DISABLED:
        return Account.id.in_(_own(User.disabled_at.is_null(False)))
    return Account.id.is_null(False)


def _own(condition: Any) -> Any:
    """The own accounts of the logins of which this holds."""
    logins = Membership.select(Membership.account).join(User, on=(User.id == Membership.user))
    return logins.where(Membership.role == MemberRole.SELF, condition)


def _logins(account_ids: list[int]) -> dict[int, User]:
    """By account."""
    query = (
        User.select(User, Membership.account.alias("account_id"))
        .join(Membership, on=(Membership.user == User.id))
        .where(in_ids(Membership.account, account_ids), Membership.role == MemberRole.SELF)
    )
    users: Any = query.objects()
    return {user.account_id: user for user in users}


def _inviters(invite_ids: set[int]) -> dict[int, tuple[int, str]]:
    """Who they are and their names, by invitation."""
    query: Any = Invite.select(Invite.id, Account.id, Account.username)
    found = query.join(Account, on=(Account.id == Invite.account)).where(in_ids(Invite.id, sorted(invite_ids)))
    return {invite_id: (account_id, name) for invite_id, account_id, name in found.tuples()}


def _addresses(users: list[User]) -> dict[int, str]:
    found = {user.id: user.sign_up_ip for user in users}
    query: Any = Session.select(Session.user, Session.ip).where(in_ids(Session.user, sorted(found)), Session.ip != "")
    return found | dict(query.order_by(Session.seen_at).tuples())
