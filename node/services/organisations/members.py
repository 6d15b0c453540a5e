"""Who speaks for an organisation, and in which role. Whoever acts here is a login, as which account it may be."""

from typing import Any, NamedTuple

from node import clock
from node.errors import Forbidden, Invalid, NotFound
from node.models import Account, Act, ActorKind, MemberRole, Membership
from node.models.rows import columns
from node.services.access import signed_in, speaking
from node.services.accounts.lookup import NOT_FOUND, account_of, by_id
from node.services.organisations import deeds
from node.speech import said

MAX_MEMBERS = 100
OWNERS_ONLY = "Only owners of the organisation may do this."
ROLES = (MemberRole.OWNER, MemberRole.EDITOR, MemberRole.WRITER)

_LAST_OWNER = "This is the last owner. Make somebody else an owner before."


class Member(NamedTuple):
    """`account` is the person's own."""

    account: Account
    user_id: int
    role: MemberRole
    since: int


class Place(NamedTuple):
    """An account that a login speaks for."""

    account: Account
    role: MemberRole


def role_of(user_id: int, account_id: int) -> MemberRole:
    """NotFound for who is no member, as for an organisation that never was; and for one's own account."""
    row = (
        Membership.select(Membership.role)
        .join(Account, on=(Account.id == Membership.account))
        .where(Membership.user == user_id, Membership.account == account_id)
        .where(Membership.role != MemberRole.SELF, Account.deleted_at.is_null())
        .first()
    )
    if row is None:
        raise NotFound(NOT_FOUND)
    return MemberRole(row.role)


def require_owner(user_id: int, account_id: int) -> None:
    """NotFound for others than members, Forbidden for members of a lesser role."""
    if role_of(user_id, account_id) is not MemberRole.OWNER:
        raise Forbidden(OWNERS_ONLY)


def of(account_id: int) -> list[Member]:
    """Owners first, then by how long they are here."""
    home = Membership.alias()
    query: Any = (
        Account.select(Account, Membership.user.alias("login"), Membership.role, Membership.created_at.alias("since"))
        .join(home, on=(home.account == Account.id) & (home.role == MemberRole.SELF))
        .join(Membership, on=(Membership.user == home.user))
        .where(Membership.account == account_id, Membership.role != MemberRole.SELF)
        .order_by(Membership.id)
    )
    found = [Member(row, row.login, MemberRole(row.role), row.since) for row in query.objects()]
    return sorted(found, key=lambda member: -member.role.rank)


def places_of(user_id: int) -> list[Place]:
    """What a login speaks for: its own account first, then organisations."""
    query: Any = (
        Account.select(*columns(Account), Membership.role)
        .join(Membership, on=(Membership.account == Account.id))
        .where(Membership.user == user_id, Account.deleted_at.is_null())
        .order_by(Membership.id)
    )
    places = [Place(row, MemberRole(row.role)) for row in query.objects()]
    return sorted(places, key=lambda place: place.role is not MemberRole.SELF)


def change_role(user_id: int, account_id: int, member_id: int, role: MemberRole) -> None:
    """By an owner; `member_id` is the person's own account. Doing it twice changes nothing."""
    require_owner(user_id, account_id)
    member = _member(account_id, member_id)
    if role not in ROLES:
        raise Invalid("This is no role of a member.")
    if member.role == role:
        return
    if member.role is MemberRole.OWNER:
        _refuse_last(account_id, member)
    Membership.update(role=role).where(Membership.user == member.user_id, Membership.account == account_id).execute()
    signed_in.user_changed(member.user_id)
    _note(account_id, user_id, Act.ROLE, about=member_id, detail=role)


def remove(user_id: int, account_id: int, member_id: int) -> None:
    """By an owner. The person loses access at once."""
    require_owner(user_id, account_id)
    member = _member(account_id, member_id)
    _end(account_id, member)
    _note(account_id, user_id, Act.REMOVED, about=member_id)


def leave(user_id: int, account_id: int) -> None:
    """Of one's own will. The last owner cannot."""
    role_of(user_id, account_id)
    member = next(one for one in of(account_id) if one.user_id == user_id)
    _end(account_id, member)
    deeds.record(account_id, member.account.id, Act.LEFT)


def appoint(account_id: int, member_id: int) -> None:
    """By whoever runs the node: an owner for an organisation that nobody owns, or another one. Doing it twice is once."""
    account, user = by_id(account_id), _login(member_id)
    if account is None or account.deleted_at is not None or account.kind != ActorKind.ORGANIZATION or user is None:
        raise NotFound(NOT_FOUND)
    Membership.insert(user=user, account=account_id, role=MemberRole.OWNER, created_at=clock.now_ms()).on_conflict(
        conflict_target=[Membership.user, Membership.account], update={Membership.role: MemberRole.OWNER}
    ).execute()
    signed_in.user_changed(user)
    deeds.record(account_id, member_id, Act.JOINED, detail=MemberRole.OWNER)


def organisations() -> list[Account]:
    """All of this node."""
    here = (Account.domain == "") & (Account.kind == ActorKind.ORGANIZATION) & Account.deleted_at.is_null()
    return list(Account.select().where(here).order_by(Account.id))


def refuse_last_owner(user_id: int) -> None:
    """Invalid, if an organisation would have no owner without this login."""
    alone = [account.username for account in _owned_alone(user_id)]
    if alone:
        names = ", ".join(f"@{name}" for name in alone)
        raise Invalid(
            said(
                "You are the last owner of %(names)s. Make somebody else an owner, or delete the organisation, before.",
                names=names,
            )
        )


def hand_over(user_id: int) -> None:
    """The login ends, whoever wants that: where it was the last owner, the member of the highest role becomes one."""
    for account in _owned_alone(user_id):
        heirs = [one for one in of(account.id) if one.user_id != user_id]
        if heirs:
            Membership.update(role=MemberRole.OWNER).where(
                Membership.user == heirs[0].user_id, Membership.account == account.id
            ).execute()
            signed_in.user_changed(heirs[0].user_id)
            deeds.record(
                account.id, heirs[0].account.id, Act.ROLE, about=heirs[0].account.id, detail=MemberRole.OWNER
            )


def dissolve(account_id: int) -> None:
    """The organisation ends: nobody speaks for it any more."""
    for member in of(account_id):
        Membership.delete().where(Membership.user == member.user_id, Membership.account == account_id).execute()
        speaking.end(member.user_id, account_id)


def _owned_alone(user_id: int) -> list[Account]:
    other = Membership.alias()
    others = other.select(other.account).where(other.role == MemberRole.OWNER, other.user != user_id)
    query = Account.select().join(Membership, on=(Membership.account == Account.id))
    return list(
        query.where(
            Membership.user == user_id,
            Membership.role == MemberRole.OWNER,
            Account.deleted_at.is_null(),
            Account.id.not_in(others),
        ).order_by(Account.id)
    )


def _login(home_id: int) -> int | None:
    row = Membership.get_or_none(Membership.account == home_id, Membership.role == MemberRole.SELF)
    return None if row is None else int(row.user)


def _member(account_id: int, member_id: int) -> Member:
    for member in of(account_id):
        if member.account.id == member_id:
            return member
    raise NotFound(NOT_FOUND)


def _end(account_id: int, member: Member) -> None:
    if member.role is MemberRole.OWNER:
        _refuse_last(account_id, member)
    Membership.delete().where(Membership.user == member.user_id, Membership.account == account_id).execute()
    speaking.end(member.user_id, account_id)


def _refuse_last(account_id: int, member: Member) -> None:
    if not any(one.role is MemberRole.OWNER and one.user_id != member.user_id for one in of(account_id)):
        raise Invalid(_LAST_OWNER)


def _note(account_id: int, user_id: int, act: Act, *, about: int, detail: str = "") -> None:
    home = account_of(user_id)
    deeds.record(account_id, None if home is None else home.id, act, about=about, detail=detail)
