"""AccountWarning, and the Appeal against it."""

from typing import Any

from node import clock
from node.models import WarningAction
from node.services.moderation import account_warnings
from node.services.moderation.warning_rows import Decided

_OF_STATUSES = (WarningAction.DELETE_STATUSES, WarningAction.MARK_STATUSES_AS_SENSITIVE)


def account_warning_entity(decided: Decided, target: Any) -> dict[str, Any]:
    """`target`: the Account that it is about, as an entity or rendered."""
    warning, appeal = decided
    ids = [str(status_id) for status_id in account_warnings.status_ids(warning)]
    return {
        "id": str(warning.id),
        "action": warning.action,
        "text": warning.text,
        "status_ids": ids if warning.action in _OF_STATUSES else None,
        "target_account": target,
        "appeal": None if appeal is None else {"text": appeal.text, "state": appeal.state},
        "created_at": clock.iso(warning.created_at),
    }
