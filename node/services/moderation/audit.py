"""The record of who decided what, written in the transaction of the decision."""

from collections.abc import Mapping
from typing import Any

import msgspec

from node import clock
from node.models import Account, AuditEntry
from node.paging import Page


def record(by: Account | None, action: str, target: str, detail: Mapping[str, Any] | None = None) -> None:
    """`action` is verb.noun; `target` is kept as it is shown now; `by` is None for the command line."""
    AuditEntry.create(
        account=None if by is None else by.id,
        action=action,
        target=target,
        detail=msgspec.json.encode(detail or {}).decode(),
        created_at=clock.now_ms(),
    )


def entries(page: Page) -> list[AuditEntry]:
    """Newest first."""
    return page.of(AuditEntry.select(), AuditEntry.id)


def about(target: str, limit: int = 20) -> list[AuditEntry]:
    """What was decided about `target`, as it is named in the record; newest first."""
    return list(AuditEntry.select().where(AuditEntry.target == target).order_by(AuditEntry.id.desc()).limit(limit))


def latest(action: str, target: str) -> AuditEntry | None:
    """The last time that `action` befell `target`."""
    query = AuditEntry.select().where(AuditEntry.action == action, AuditEntry.target == target)
    return query.order_by(AuditEntry.id.desc()).first()


def handle(account: Account) -> str:
    """How an account is named in the record: `@name`, or `@name@domain`."""
    return f"@{account.username}@{account.domain}" if account.domain else f"@{account.username}"
