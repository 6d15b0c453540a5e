"""Accounts as the administration API asks for them, by many marks at once."""

import ipaddress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from node import site
from node.models import Account, Invite, MemberRole, Membership, Role, Session, User
from node.paging import Page
from node.services.access.emails import email_key
from node.store import in_ids
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
    ip: str = ""  # an address or a network


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
        found.append(_login(in_ids(User.id, _seen_from(wanted.ip))))
    return found


def _login(condition: Any) -> Any:
    """It is the own account of a login of which this holds."""
    logins = Membership.select(Membership.account).join(User, on=(User.id == Membership.user))
    return Account.id.in_(logins.where(Membership.role == MemberRole.SELF, condition))


def _seen_from(text: str) -> list[int]:
    """Logins that came from this address, or from within this network. None for what is neither."""
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return []
    found: set[int] = set()
    for login, ip in ((User.id, User.sign_up_ip), (Session.user, Session.ip)):
        # The databases share no notion of a network, so that those are compared here.
        is_one = network.num_addresses == 1
        among = ip == str(network.network_address) if is_one else ip != ""
        found |= {
            user_id for user_id, seen in ip.model.select(login, ip).where(among).tuples() if _is_in(network, seen)
        }
    return list(found)


def _is_in(network: ipaddress.IPv4Network | ipaddress.IPv6Network, ip: str) -> bool:
    try:
        return ipaddress.ip_address(ip) in network
    except ValueError:  # What a proxy of another time said.
        return False


def _waits() -> Any:
    return _login(User.approved_at.is_null())


def _is_suspended() -> Any:
    """Who still waits is suspended from birth, which is not what this word says (members.py)."""
    return Account.suspended_at.is_null(False) & ~_waits()


# As Mastodon means them: whoever is not suspended is active, silenced or disabled though they may be.
_STATES = {
    State.ACTIVE: lambda: ~_is_suspended(),
    State.PENDING: _waits,
    State.DISABLED: lambda: _login(User.disabled_at.is_null(False)) & ~_is_suspended(),
    State.SILENCED: lambda: Account.silenced_at.is_null(False),
    State.SENSITIZED: lambda: Account.sensitized_at.is_null(False),
    State.SUSPENDED: _is_suspended,
}
