"""NotificationPolicy, of both versions, and NotificationRequest."""

from typing import Any

from node import clock
from node.models import Decision, NotificationPolicy
from node.services.notifications.policy import NAMES
from node.services.notifications.request_view import RequestView
from node.services.notifications.requests import Summary
from web.entities.account import account_entity
from web.entities.status import status_entity

# The first version knew four, and no difference between holding back and dropping.
OLD_NAMES = NAMES[:4]


def policy_entity(policy: NotificationPolicy, summary: Summary) -> dict[str, Any]:
    return {f"for_{name}": str(getattr(policy, name)) for name in NAMES} | {"summary": _summary(summary)}


def old_policy_entity(policy: NotificationPolicy, summary: Summary) -> dict[str, Any]:
    accepted = {f"filter_{name}": getattr(policy, name) != Decision.ACCEPT for name in OLD_NAMES}
    return accepted | {"summary": _summary(summary)}


def request_entity(view: RequestView) -> dict[str, Any]:
    return {
        "id": str(view.request.id),
        "created_at": clock.iso(view.request.created_at),
        "updated_at": clock.iso(view.request.updated_at),
        "notifications_count": str(view.notifications_count),
        "account": account_entity(view.sender),
        "last_status": None if view.last_status is None else status_entity(view.last_status),
    }


def _summary(summary: Summary) -> dict[str, int]:
    return {
        "pending_requests_count": summary.requests_count,
        "pending_notifications_count": summary.notifications_count,
    }
