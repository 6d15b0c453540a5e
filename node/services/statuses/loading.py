"""Statuses as their readers may have them. Loading is authorizing: what the reader must not see does not exist."""

from typing import Any

import peewee

from node.errors import NotFound
from node.models import Account, Status
from node.models.access import visible
from node.models.paged import one_id
from node.models.rows import columns, row_of
from node.store import Prepared, in_ids, is_sqlite, param

NOT_FOUND = "Record not found"


def visible_with_original(query: Any, viewer: Any) -> Any:
    """`query` of statuses, narrowed to those that `viewer` may read; of boosts the boosted status counts too."""
    original, original_author = Status.alias(), Account.alias()
    return (
        query.join_from(Status, Account, on=(Status.account == Account.id))
        .join_from(Status, original, peewee.JOIN.LEFT_OUTER, on=(Status.reblog_of == original.id))
        .join_from(original, original_author, peewee.JOIN.LEFT_OUTER, on=(original.account == original_author.id))
        .where(
            visible(Status, Account, viewer),
            Status.reblog_of.is_null() | visible(original, original_author, viewer),
        )
    )


_GET = Prepared(
    lambda: visible_with_original(Status.select(*columns(Status)), param("viewer")).where(Status.id == param("id")),
    row_of(Status),
)
_VISIBLE = Prepared(
    lambda: visible_with_original(Status.select(Status.id), param("viewer")).where(in_ids(Status.id, param("ids"))),
    one_id,
)
_BY_URI = Prepared(lambda: Status.select(*columns(Status)).where(Status.uri == param("uri")), row_of(Status))
_BY_ID = Prepared(lambda: Status.select(*columns(Status)).where(Status.id == param("id")), row_of(Status))


def _edited_at() -> Any:
    query = Status.select(Status.edited_at).where(Status.id == param("id"))
    return query if is_sqlite() else query.for_update("FOR SHARE")  # type: ignore[arg-type]  # it takes the clause, too


_EDITED_AT: Prepared[tuple[int | None]] = Prepared(_edited_at, lambda edited_at: (edited_at,))
_BY_IDS = Prepared(lambda: Status.select(*columns(Status)).where(in_ids(Status.id, param("ids"))), row_of(Status))
_ACCOUNT = Prepared(lambda: Account.select(*columns(Account)).where(Account.id == param("id")), row_of(Account))


def get(viewer_id: int | None, status_id: int) -> Status:
    """The status, if the viewer may read it; else NotFound, whether it exists or not."""
    status = _GET.first(viewer=viewer_id or 0, id=status_id)
    if status is None:
        raise NotFound(NOT_FOUND)
    return status


def get_original(viewer_id: int | None, status_id: int) -> Status:
    """The same, of a boost the boosted status: what people do to a boost they do to what it shows."""
    status = get(viewer_id, status_id)
    return status if status.reblog_of is None else get(viewer_id, status.reblog_of)


def own(account_id: int, status_id: int) -> Status:
    """A status that `account_id` wrote; NotFound for everybody else's."""
    status = get(account_id, status_id)
    if status.account_id != account_id:
        raise NotFound(NOT_FOUND)
    return status


def visible_ids(viewer_id: int | None, ids: list[int]) -> list[int]:
    """Those of `ids` that the viewer may read, in the order given."""
    if not ids:
        return []
    readable = set(_VISIBLE.all(viewer=viewer_id or 0, ids=list(ids)))
    return [status_id for status_id in ids if status_id in readable]


def by_uri(uri: str) -> Status | None:
    """For federation: no reader is asked for."""
    return _BY_URI.first(uri=uri)


def by_id(status_id: int) -> Status | None:
    """For federation and jobs: no reader is asked for."""
    return _BY_ID.first(id=status_id)


def by_ids(status_ids: list[int]) -> list[Status]:
    """The same for many, in no order."""
    return _BY_IDS.all(ids=status_ids) if status_ids else []


def is_unchanged(status: Status) -> bool:
    """Whether the words are still those that were loaded. PostgreSQL keeps them so until the unit of work ends."""
    found = _EDITED_AT.first(id=status.id)
    return found is not None and found[0] == status.edited_at


def account_by_id(account_id: int) -> Account:
    account = _ACCOUNT.first(id=account_id)
    if account is None:
        raise NotFound(NOT_FOUND)
    return account
