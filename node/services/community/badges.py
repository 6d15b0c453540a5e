"""The small numbers beside the navigation: what waits for somebody. They are on every page, so they cost little."""

from typing import NamedTuple

from peewee import SQL, fn

from node.models import Conversation, FollowRequest, Marker, Role
from node.services.access import registration
from node.services.moderation import appeals, reports
from node.services.notifications import telling as notifications
from node.store import Prepared, param

MOST = 100  # above, a badge says "99+"

_READ = Prepared(
    lambda: Marker.select(Marker.last_read_id).where(
        Marker.account == param("account"), Marker.timeline == "notifications"
    ),
    int,
)
_CONVERSATIONS = Prepared(
    lambda: Conversation.select(fn.COUNT(SQL("*"))).where(
        Conversation.account == param("account"), Conversation.unread, Conversation.last_status.is_null(False)
    ),
    int,
)
_REQUESTS = Prepared(
    lambda: FollowRequest.select(fn.COUNT(SQL("*"))).where(FollowRequest.target == param("account")), int
)


class Badges(NamedTuple):
    notifications: int = 0
    conversations: int = 0
    follow_requests: int = 0
    waiting: int = 0  # for moderators: reports, objections and sign-ups


def of(account_id: int, role: str) -> Badges:
    return Badges(
        notifications=notifications.unread_count(account_id, _READ.first(account=account_id) or 0, MOST),
        conversations=_CONVERSATIONS.first(account=account_id) or 0,
        follow_requests=_REQUESTS.first(account=account_id) or 0,
        waiting=_waiting() if Role(role).is_staff else 0,
    )


def _waiting() -> int:
    return reports.open_count() + appeals.waiting_count() + registration.pending_count()
