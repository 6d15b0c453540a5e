"""Who may act on whom. A role belongs to a login; whoever acts or is acted upon is an account.

Where several logins speak for one account, the account acts with the least of their roles and is protected by the
greatest. `None` as the one who acts is the command line, whose user has the database anyway.
"""

from node.errors import Forbidden
from node.models import Account, Membership, Role, User

_ADMINS_ONLY = "Only an administrator may do this."
_MODERATORS_ONLY = "Only moderators may do this."
_NOT_ABOVE = "Nobody acts on somebody with a role like their own or above it."


def of(account_id: int) -> Role:
    """The role that is shown on a profile, and that protects."""
    return _roles(account_id)[-1]


def require(by: Account | None, role: Role) -> None:
    """Forbidden unless `by` has at least `role`."""
    if by is not None and _acting_rank(by) < role.rank:
        raise Forbidden(_ADMINS_ONLY if role is Role.ADMIN else _MODERATORS_ONLY)


def require_above(by: Account | None, target_id: int) -> None:
    """Forbidden unless `by` stands above every login of the account `target_id`."""
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
        .where(User.role.in_(enough), User.disabled_at.is_null(), User.approved_at.is_null(False))
        .order_by(Membership.id)
    )
    return [row.account for row in query]


def _acting_rank(by: Account) -> int:
    return -1 if by.is_gone else _roles(by.id)[0].rank


def _roles(account_id: int) -> list[Role]:
    """Of every login that speaks for the account, the least first; at least one entry."""
    query = User.select(User.role).join(Membership, on=(Membership.user == User.id))
    found = [Role(user.role) for user in query.where(Membership.account == account_id)]
    return sorted(found, key=lambda role: role.rank) or [Role.USER]
