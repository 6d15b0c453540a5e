"""The direct messages that somebody wrote or got, one by one; by conversation they are in conversations.py."""

from typing import Any

from node.models import Account, Status, Visibility
from node.models.access import mentioned, visible
from node.models.paged import Paged, one_id
from node.paging import Page
from node.store import param


def _direct() -> Any:
    account = param("account")
    return (
        Status.select(Status.id)
        .join(Account, on=(Account.id == Status.account))
        .where(
            Status.visibility == Visibility.DIRECT,
            visible(Status, Account, account),
            (Status.account == account) | mentioned(account, Status),
        )
    )


_PAGE = Paged(_direct, Status.id, one_id)


def page(account_id: int, page: Page) -> list[int]:
    """Ids of statuses, newest first."""
    return _PAGE.page(page, account=account_id)
