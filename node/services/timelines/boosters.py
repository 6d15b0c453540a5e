"""Who of those that somebody follows boosted what is shown to them as a boost."""

from collections.abc import Sequence
from typing import Any

from node import clock
from node.models import Account, Follow, Status, Visibility
from node.models.access import exists, present, unwanted
from node.store import Prepared, in_ids, param

# Of a page of posts that everybody boosts not all boosts are looked at.
_MOST_LOOKED_AT = 500


def _boosters() -> Any:
    reader, boost = param("account"), Status.alias()
    # From the boosts to the follows: of most posts few boosts are known, while people follow thousands.
    known = boost.select(boost.id).where(in_ids(boost.reblog_of, param("originals"))).limit(_MOST_LOOKED_AT)
    return (
        Status.select(Status.reblog_of, Status.account)
        .join_from(Status, Account, on=(Account.id == Status.account))
        .where(
            Status.id.in_(known),
            # A boost that still has to be allowed is a direct one (docs/adr/0034-boosts-that-wait.md).
            Status.visibility != Visibility.DIRECT,
            exists(Follow, Follow.account == reader, Follow.target == Status.account, Follow.show_reblogs),
            present(Account),
            ~unwanted(Account, reader, param("now")),
        )
        .order_by(Status.id)
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
