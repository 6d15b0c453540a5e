"""What somebody wants to hear from people they do not know: the decision, in SQL and as they change it."""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import Any

import peewee

from node import clock
from node.models import (
    ActorKind,
    Decision,
    Follow,
    MemberRole,
    Membership,
    NotificationKind,
    NotificationPermission,
    NotificationPolicy,
    Role,
    Status,
    User,
    Visibility,
)
from node.models.access import exists, follows
from node.models.notification import OF_NOBODY
from node.store import param

NAMES = ("not_following", "not_followers", "new_accounts", "private_mentions", "limited_accounts", "bots")

# As Mastodon counts them.
_NEW_ACCOUNT_MS, _NEW_FOLLOWER_MS = 30 * clock.DAY, 3 * clock.DAY
# What somebody asked for, or has to know.
_ALWAYS = (
    NotificationKind.POLL,
    NotificationKind.UPDATE,
    NotificationKind.SIGN_UP,
    NotificationKind.REPORT,
    *sorted(OF_NOBODY),
)


def of(account_id: int) -> NotificationPolicy:
    return NotificationPolicy.get_or_none(NotificationPolicy.account == account_id) or NotificationPolicy()


def change(account_id: int, decisions: Mapping[str, Decision]) -> NotificationPolicy:
    """Of some of `NAMES`; the others stay."""
    if decisions:
        row = {"account": account_id, **decisions}
        if not NotificationPolicy.insert(row).on_conflict_ignore().as_rowcount().execute():
            NotificationPolicy.update(**decisions).where(NotificationPolicy.account == account_id).execute()
    return of(account_id)


# ── in the statement that makes a notification (node/services/notifications/telling.py) ──


def matches(decision: Decision, policy: Any, who: Any, sender: Any, with_status: bool) -> Any:
    """Whether `policy`, which `who` may have, decides so about what `sender` did."""
    by = sender.id
    stranger = ~follows(who, by)
    row = Follow.alias()
    long_follower = exists(
        row, row.account == by, row.target == who, row.created_at <= param("now") - _NEW_FOLLOWER_MS
    )
    conditions = {
        "not_following": stranger,
        "not_followers": ~long_follower,
        "new_accounts": (sender.created_at > param("now") - _NEW_ACCOUNT_MS) & stranger,
        "private_mentions": _is_private(who) & stranger if with_status else None,
        "bots": sender.kind.in_([ActorKind.SERVICE, ActorKind.APPLICATION]) & stranger,
    }
    hits = [(getattr(policy, name) == decision) & hit for name, hit in conditions.items() if hit is not None]
    # Nobody without a policy pays for the questions.
    chosen = policy.id.is_null(False) & reduce(or_, hits)
    limited = peewee.fn.COALESCE(policy.limited_accounts, str(Decision.DROP)) == decision
    return (chosen | (sender.silenced_at.is_null(False) & limited & stranger)) & ~_is_exempt(who, by)


def _is_private(who: Any) -> Any:
    """And no answer to what `who` wrote."""
    answers = Status.in_reply_to_account.is_null(False) & (Status.in_reply_to_account == who)
    return exists(Status, Status.id == param("status"), Status.visibility == Visibility.DIRECT, ~answers)


def _is_exempt(who: Any, by: Any) -> Any:
    """Whom somebody let through, who runs this node, and kinds that are nobody's doing."""
    staff = (
        Membership.select(peewee.SQL("1"))
        .join(User, on=(User.id == Membership.user))
        .where(Membership.account == by, Membership.role == MemberRole.SELF)
        .where(User.role.in_([Role.MODERATOR, Role.ADMIN]))
    )
    permitted = exists(
        NotificationPermission, NotificationPermission.account == who, NotificationPermission.sender == by
    )
    return param("kind").cast("TEXT").in_(list(map(str, _ALWAYS))) | permitted | peewee.fn.EXISTS(staff)
