"""Becoming a member: an owner asks somebody of this node, who says yes or no."""

from typing import Any, NamedTuple

from node import clock, site
from node.errors import Invalid, NotFound
from node.models import Account, Act, MailNotice, MemberInvitation, MemberRole, Membership, NotificationKind, User
from node.models.access import present
from node.services.access import mail, signed_in
from node.services.accounts.lookup import NOT_FOUND, account_of, by_id, find
from node.services.notifications import telling as notifications
from node.services.organisations import deeds, members
from node.services.relationships import relations
from node.speech import said

PAGE = "/settings/organisations"
MAX_OPEN = 50  # that wait for an answer, of one organisation

_UNKNOWN = "There is nobody of this name here who could become a member."
_FULL = said("An organisation has at most %(most)s members and invitations.", most=members.MAX_MEMBERS)


class Invitation(NamedTuple):
    """`account` is the other side: the person for the organisation, the organisation for the person."""

    id: int
    account: Account
    role: MemberRole
    created_at: int


def invite(user_id: int, account_id: int, handle: str, role: MemberRole) -> None:
    """By an owner. Asked again, the newest role counts. Who has blocked the organisation or its owner is not found."""
    members.require_owner(user_id, account_id)
    if role not in members.ROLES:
        raise Invalid("This is no role of a member.")
    host, person = account_of(user_id), _person(handle)
    if host is None or person is None or _refuses(person, account_id, host.id):
        raise Invalid(_UNKNOWN, {"handle": _UNKNOWN})
    account, user = person
    if Membership.select().where(Membership.user == user.id, Membership.account == account_id).exists():
        message = "This person is a member already."
        raise Invalid(message, {"handle": message})
    waiting = of(account_id)
    if account.id not in [one.account.id for one in waiting]:
        if len(waiting) >= MAX_OPEN or len(waiting) + len(members.of(account_id)) >= members.MAX_MEMBERS:
            raise Invalid(_FULL)
        _tell(user, account.id, account_id)
    MemberInvitation.insert(account=account_id, invited=account.id, role=role, created_at=clock.now_ms()).on_conflict(
        conflict_target=[MemberInvitation.account, MemberInvitation.invited], update={MemberInvitation.role: role}
    ).execute()
    signed_in.user_changed(user.id)
    deeds.record(account_id, host.id, Act.INVITED, about=account.id, detail=role)


def of(account_id: int) -> list[Invitation]:
    """Who has not answered yet. Ask before whether the reader is a member."""
    return _load(MemberInvitation.account == account_id, MemberInvitation.invited)


def to(home_id: int) -> list[Invitation]:
    """What a person is asked."""
    return _load(MemberInvitation.invited == home_id, MemberInvitation.account)


def accept(user_id: int, invitation_id: int) -> int:
    """The organisation of which the login is a member now. NotFound for invitations of others."""
    row = _own(user_id, invitation_id)
    _delete(row, user_id)
    if len(members.of(row.account_id)) >= members.MAX_MEMBERS:
        raise Invalid(_FULL)
    Membership.create(user=user_id, account=row.account_id, role=row.role, created_at=clock.now_ms())
    deeds.record(row.account_id, row.invited_id, Act.JOINED, detail=row.role)
    return row.account_id


def decline(user_id: int, invitation_id: int) -> None:
    _delete(_own(user_id, invitation_id), user_id)


def withdraw(user_id: int, account_id: int, invitation_id: int) -> None:
    """By an owner. Doing it twice changes nothing."""
    members.require_owner(user_id, account_id)
    row = MemberInvitation.get_or_none(MemberInvitation.id == invitation_id, MemberInvitation.account == account_id)
    if row is not None:
        invited = _login_of(row.invited_id)
        _delete(row, None if invited is None else invited.id)


def erase(account_id: int) -> None:
    """The account ends, on whichever side it stands."""
    concerns = (MemberInvitation.account == account_id) | (MemberInvitation.invited == account_id)
    for row in list(MemberInvitation.select().where(concerns)):
        invited = _login_of(row.invited_id)
        _delete(row, None if invited is None else invited.id)


def _person(handle: str) -> tuple[Account, User] | None:
    """Somebody of this node, by the handle of their own account."""
    name, _, domain = handle.strip().removeprefix("@").partition("@")
    account = find(name, domain) if name and (not domain or site.is_local_domain(domain)) else None
    user = None if account is None or account.is_gone else _login_of(account.id)
    return None if account is None or user is None or user.disabled_at is not None else (account, user)


def _login_of(home_id: int) -> User | None:
    query = User.select().join(Membership, on=(Membership.user == User.id))
    found: User | None = query.where(Membership.account == home_id, Membership.role == MemberRole.SELF).first()
    return found


def _refuses(person: tuple[Account, User], account_id: int, host_id: int) -> bool:
    return any(relations.blocks(person[0].id, other) for other in (account_id, host_id))


def _tell(user: User, home_id: int, account_id: int) -> None:
    """By a notification and, to who has an address, by a letter: by one, where notifications are told in letters."""
    notifications.notify(home_id, NotificationKind.INVITATION, account_id)
    account = by_id(account_id)
    wish = MailNotice.get_or_none(MailNotice.account == home_id, MailNotice.user == user.id)
    is_written = wish is not None and NotificationKind.INVITATION in wish.kinds.split()
    if account is not None and user.email and not is_written:
        text = said(
            "You are asked to become a member of the organisation %(name)s. Say yes or no: %(address)s",
            name=f"@{account.username}@{site.domain}",
            address=f"{site.base_url}{PAGE}",
        )
        mail.send(user, said("an invitation"), text)


def _own(user_id: int, invitation_id: int) -> MemberInvitation:
    home = account_of(user_id)
    row = MemberInvitation.get_or_none(MemberInvitation.id == invitation_id)
    account = None if row is None else by_id(row.account_id)
    if row is None or home is None or row.invited_id != home.id or account is None or account.is_gone:
        raise NotFound(NOT_FOUND)
    return row


def _delete(row: MemberInvitation, user_id: int | None) -> None:
    MemberInvitation.delete().where(MemberInvitation.id == row.id).execute()
    notifications.withdraw_from(row.invited_id, NotificationKind.INVITATION, row.account_id)
    if user_id is not None:
        signed_in.user_changed(user_id)


def _load(condition: Any, other: Any) -> list[Invitation]:
    query: Any = (
        Account.select(
            Account,
            MemberInvitation.id.alias("invitation"),
            MemberInvitation.role,
            MemberInvitation.created_at.alias("since"),
        )
        .join(MemberInvitation, on=(other == Account.id))
        .where(condition, present(Account))
        .order_by(MemberInvitation.id)
    )
    return [Invitation(row.invitation, row, MemberRole(row.role), row.since) for row in query.objects()]
