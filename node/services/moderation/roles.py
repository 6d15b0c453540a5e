"""Who may act on whom. A role belongs to a login; whoever acts or is acted upon is an account, the login's own one.

An organisation has no role, whoever its members are. `None` as the one who acts is the command line, whose user has the
database anyway.
"""

from node.errors import Forbidden
from node.models import Account, MemberRole, Membership, Role, User

_ADMINS_ONLY = "Only an administrator may do this."
_MODERATORS_ONLY = "Only moderators may do this."
_NOT_ABOVE = "Nobody acts on somebody with a role like their own or above it."


def of(account_id: int) -> Role:
    """The role that is shown on a profile, and that protects."""
    user = (
        User.select(User.role)
        .join(Membership, on=(Membership.user == User.id))
        .where(Membership.account == account_id, Membership.role == MemberRole.SELF)
        .first()
    )
    return Role.USER if user is None else Role(user.role)


def require(by: Account | None, role: Role) -> None:
    """Forbidden unless `by` has at least `role`."""
    if by is not None and _acting_rank(by) < role.rank:
        raise Forbidden(_ADMINS_ONLY if role is Role.ADMIN else _MODERATORS_ONLY)


def require_above(by: Account | None, target_id: int) -> None:
    """Forbidden unless `by` stands above the login of the account `target_id`."""
    require(by, Role.MODERATOR)
    if by is not None and _acting_rank(by) <= of(target_id).rank:
        raise Forbidden(_NOT_ABOVE)


def require_above_user(by: Account | None, user: User) -> None:
    """The same, of a login."""
    require(by, Role.MODERATOR)
    if by is not None and _acting_rank(by) <= Role(user.role).rank:
        raise Forbidden(_NOT_ABOVE)


def accounts_with(role: Role) -> list[int]:
    """Local accounts whose login has at least `role`: who hears of sign-ups and reports."""
    enough = [str(r) for r in Role if r.rank >= role.rank]
    query = (
        Membership.select(Membership.account)
        .join(User, on=(Membership.user == User.id))
        .where(
            Membership.role == MemberRole.SELF,
            User.role.in_(enough),
            User.disabled_at.is_null(),
            User.approved_at.is_null(False),
        )
        .order_by(Membership.id)
    )
    return [row.account for row in query]


def _acting_rank(by: Account) -> int:
    return -1 if by.is_gone else of(by.id).rank
