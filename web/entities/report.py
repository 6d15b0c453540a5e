"""Report."""

from typing import Any

import msgspec

from node import clock
from node.models import Report
from node.services.accounts.view import AccountView
from web.entities.account import account_entity


def report_entity(report: Report, target: AccountView) -> dict[str, Any]:
    return {
        "id": str(report.id),
        "action_taken": report.resolved_at is not None,
        "action_taken_at": None if report.resolved_at is None else clock.iso(report.resolved_at),
        "category": report.category,
        "comment": report.comment,
        "forwarded": report.forwarded,
        "created_at": clock.iso(report.created_at),
        "status_ids": _texts(report.status_ids),
        "rule_ids": _texts(report.rule_ids),
        "collection_ids": _texts(report.collection_ids),
        "target_account": account_entity(target),
    }


def _texts(ids: str) -> list[str]:
    return [str(one) for one in msgspec.json.decode(ids, type=list[int])]
