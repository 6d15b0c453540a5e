"""Requests to be heard, as they are shown: apart from their rules, which those ask who write notifications."""

from typing import NamedTuple

import peewee
from peewee import fn

from node.models import Notification, NotificationRequest
from node.services.accounts import view as account_view
from node.services.accounts.view import AccountView
from node.services.statuses import view as status_view
from node.services.statuses.view import StatusView
from node.store import in_ids


class RequestView(NamedTuple):
    request: NotificationRequest
    sender: AccountView
    notifications_count: int
    last_status: StatusView | None


def load(account_id: int, rows: list[NotificationRequest]) -> list[RequestView]:
    """In this order, in a fixed number of queries."""
    senders = [row.sender_id for row in rows]
    held = (
        Notification.select(Notification.sender, fn.COUNT(peewee.SQL("*")), fn.MAX(Notification.status))
        .where(Notification.account == account_id, Notification.filtered, in_ids(Notification.sender, senders))
        .group_by(Notification.sender)
        .tuples()
    )
    found: list[tuple[int, int, int | None]] = list(held) if rows else []  # type: ignore[arg-type] # of tuples
    counted = {sender_id: (count, status_id) for sender_id, count, status_id in found}
    statuses = status_view.by_id([status_id for _, status_id in counted.values() if status_id], account_id)
    people = {view.account.id: view for view in account_view.load(senders)}
    return [
        RequestView(
            row, people[row.sender_id], counted[row.sender_id][0], statuses.get(counted[row.sender_id][1] or 0)
        )
        for row in rows
        if row.sender_id in people and row.sender_id in counted
    ]
