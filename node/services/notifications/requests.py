"""Notifications that were held back, by who did what they tell of: let through, or thrown away."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from node import clock, ids, streams
from node.errors import NotFound
from node.models import Account, Notification, NotificationPermission, NotificationRequest
from node.models.access import blocked, exists, present
from node.models.paged import Paged
from node.models.rows import columns, row_of
from node.paging import Page
from node.store import in_ids, param

NOT_FOUND = "Record not found"
_MOST_COUNTED = 100  # as Mastodon shows them


class Summary(NamedTuple):
    requests_count: int
    notifications_count: int


def note(account_id: int, sender_id: int) -> None:
    """Something was held back, in the unit of work that did."""
    now = clock.now_ms()
    row = {"id": ids.new_id(), "account": account_id, "sender": sender_id, "created_at": now, "updated_at": now}
    if not NotificationRequest.insert(row).on_conflict_ignore().as_rowcount().execute():
        NotificationRequest.update(updated_at=now).where(
            NotificationRequest.account == account_id, NotificationRequest.sender == sender_id
        ).execute()


def _held(account: Any, sender: Any) -> Any:
    return (Notification.account == account) & (Notification.sender == sender) & Notification.filtered


def _of_account() -> Any:
    """A request whose notifications are all gone is none any more."""
    account = param("account")
    return (
        NotificationRequest.select(*columns(NotificationRequest))
        .join(Account, on=(Account.id == NotificationRequest.sender))
        .where(
            NotificationRequest.account == account,
            present(Account),
            ~blocked(account, Account.id),
            exists(Notification, _held(account, NotificationRequest.sender)),
        )
    )


_PAGE = Paged(_of_account, NotificationRequest.id, row_of(NotificationRequest))


def page(account_id: int, page: Page) -> list[NotificationRequest]:
    return _PAGE.page(page, account=account_id)


def get(account_id: int, request_id: int) -> NotificationRequest:
    """NotFound for those of others."""
    found = page(account_id, Page(limit=1, max_id=request_id + 1, since_id=request_id - 1))
    if not found:
        raise NotFound(NOT_FOUND)
    return found[0]


def summary(account_id: int) -> Summary:
    """Both counted up to a hundred."""
    requests = page(account_id, Page(limit=_MOST_COUNTED))
    held = Notification.select(Notification.id).where(
        Notification.account == account_id,
        Notification.filtered,
        in_ids(Notification.sender, [row.sender_id for row in requests]),
    )
    return Summary(len(requests), held.limit(_MOST_COUNTED).count() if requests else 0)


def accept(account_id: int, request_ids: Iterable[int]) -> None:
    """What was held back stands among the others from now on, and whoever did it is heard. Unknown ids are passed over."""
    senders = _settle(account_id, request_ids)
    if not senders:
        return
    Notification.update(filtered=False).where(
        Notification.account == account_id, Notification.filtered, in_ids(Notification.sender, senders)
    ).execute()
    now = clock.now_ms()
    rows = [{"id": ids.new_id(), "account": account_id, "sender": sender, "created_at": now} for sender in senders]
    NotificationPermission.insert_many(rows).on_conflict_ignore().execute()
    streams.publish((f"user:{account_id}", f"notifications:{account_id}"), "notifications_merged", account_id)


def hear_no_more(account_id: int, sender_id: int) -> None:
    """Whom `account_id` let through is a stranger like others again. Without this, a yes could never be taken back."""
    NotificationPermission.delete().where(
        NotificationPermission.account == account_id, NotificationPermission.sender == sender_id
    ).execute()


def dismiss(account_id: int, request_ids: Iterable[int]) -> None:
    """What was held back is thrown away; the next of it is held back again."""
    senders = _settle(account_id, request_ids)
    Notification.delete().where(
        Notification.account == account_id, Notification.filtered, in_ids(Notification.sender, senders)
    ).execute()


def _settle(account_id: int, request_ids: Iterable[int]) -> list[int]:
    """The senders of those that exist, which are requests no more."""
    wanted = list(request_ids)
    rows = NotificationRequest.select().where(
        NotificationRequest.account == account_id, in_ids(NotificationRequest.id, wanted)
    )
    senders = [row.sender_id for row in rows]
    NotificationRequest.delete().where(
        NotificationRequest.account == account_id, in_ids(NotificationRequest.id, wanted)
    ).execute()
    return senders
