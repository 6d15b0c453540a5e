"""Who of those that somebody follows boosted what is shown to them as a boost."""

from collections.abc import Sequence
from typing import Any

from node import clock
from node.models import Account, Follow, Status, Visibility
from node.models.access import present, unwanted
from node.store import Prepared, in_ids, param

_MOST = 400


def _boosters() -> Any:
    reader = param("account")
    return (
        Status.select(Status.reblog_of, Status.account)
        .join_from(Status, Follow, on=(Follow.target == Status.account))
        .join_from(Status, Account, on=(Account.id == Status.account))
        .where(
            in_ids(Status.reblog_of, param("originals")),
            # A boost that still has to be allowed is a direct one (docs/adr/0034-boosts-that-wait.md).
            Status.visibility != Visibility.DIRECT,
            Follow.account == reader,
            Follow.show_reblogs,
            present(Account),
            ~unwanted(Account, reader, param("now")),
        )
        .order_by(Status.id)
        .limit(_MOST)
    )


_BOOSTERS = Prepared(_boosters, lambda original_id, account_id: (int(original_id), int(account_id)))


def of(account_id: int, original_ids: Sequence[int]) -> dict[int, list[int]]:
    """By what was boosted the accounts, the first first."""
    found: dict[int, list[int]] = {}
    if original_ids:
        for original_id, booster_id in _BOOSTERS.all(
            account=account_id, originals=list(original_ids), now=clock.now_ms()
        ):
            found.setdefault(original_id, []).append(booster_id)
    return found
