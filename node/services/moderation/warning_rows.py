"""What the staff decided about somebody here, with what they said to it: as it is read."""

from collections.abc import Collection
from typing import Any, NamedTuple

from node.errors import NotFound
from node.models import AccountWarning, Appeal
from node.paging import Page
from node.store import in_ids


class Decided(NamedTuple):
    warning: AccountWarning
    appeal: Appeal | None


def by_ids(warning_ids: Collection[int]) -> dict[int, Decided]:
    """Two queries; none for none."""
    if not warning_ids:
        return {}
    rows = AccountWarning.select().where(in_ids(AccountWarning.id, list(warning_ids)))
    return {one.warning.id: one for one in _with_appeals(list(rows))}


def of_account(account_id: int, page: Page) -> list[Decided]:
    """What was decided about somebody, newest first."""
    return _with_appeals(
        page.of(AccountWarning.select().where(AccountWarning.target == account_id), AccountWarning.id)
    )


def get(account_id: int, warning_id: int) -> Decided:
    """NotFound for what was decided about others."""
    found = by_ids([warning_id]).get(warning_id)
    if found is None or found.warning.target_id != account_id:
        raise NotFound("Record not found")
    return found


def _with_appeals(rows: list[AccountWarning]) -> list[Decided]:
    query: Any = Appeal.select().where(in_ids(Appeal.warning, [row.id for row in rows]))
    appeals = {appeal.warning_id: appeal for appeal in query} if rows else {}
    return [Decided(row, appeals.get(row.id)) for row in rows]
