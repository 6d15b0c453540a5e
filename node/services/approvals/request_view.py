"""Requests that wait for somebody's word, with the posts that they are about, as that reader sees them."""

from typing import NamedTuple

from node.errors import NotFound
from node.models import Approval
from node.paging import Page
from node.services.approvals import requests
from node.services.statuses import view as status_view
from node.services.statuses.loading import NOT_FOUND
from node.services.statuses.view import StatusView


class RequestView(NamedTuple):
    """`status` asks about `target`."""

    approval: Approval
    status: StatusView
    target: StatusView


def load(account_id: int, page: Page) -> tuple[list[int], list[RequestView]]:
    """Ids, by which pages are counted, and those of whose posts none went a moment ago."""
    rows = requests.page(account_id, page)
    return [row.id for row in rows], _views(account_id, rows)


def get(account_id: int, request_id: int) -> RequestView:
    """NotFound for what others decide, what is decided, and what it is about that is gone."""
    views = _views(account_id, [requests.get(account_id, request_id)])
    if not views:
        raise NotFound(NOT_FOUND)
    return views[0]


def _views(account_id: int, rows: list[Approval]) -> list[RequestView]:
    ids = [i for row in rows for i in (row.status_id, row.target_id) if i is not None]
    views = status_view.by_id(ids, account_id)
    return [
        RequestView(row, views[row.status_id], views[row.target_id])
        for row in rows
        if row.status_id in views and row.target_id in views
    ]
