"""The rows of quotes, answers and boosts that need a yes: made, changed and shown (docs/adr/0019-approvals.md)."""

from typing import Any

from node import clock, ids, site, streams
from node.models import Account, Approval, ApprovalKind, ApprovalState, Status, StatusTag, Tag
from node.models.rows import Insert, columns, row_of
from node.services.statuses import arrival, audience
from node.services.statuses.loading import account_by_id, by_id
from node.services.statuses.tombstones import is_buried
from node.services.timelines import fanout
from node.store import Prepared, in_ids, param

_INSERT = Insert(Approval, ignore=True)
_OF_STATUS: Prepared[Any] = Prepared(
    lambda: Approval.select(*columns(Approval)).where(
        Approval.status == param("status"), Approval.kind == param("kind")
    ),
    row_of(Approval),
)
_BY_ID: Prepared[Any] = Prepared(
    lambda: Approval.select(*columns(Approval)).where(Approval.id == param("id")), row_of(Approval)
)
_BY_STAMP: Prepared[Any] = Prepared(
    lambda: Approval.select(*columns(Approval)).where(Approval.stamp_uri == param("uri"), Approval.stamp_uri != ""),
    row_of(Approval),
)
_OF_STATUSES: Prepared[Any] = Prepared(
    lambda: Approval.select(*columns(Approval)).where(in_ids(Approval.status, param("ids"))), row_of(Approval)
)
_COUNT = Prepared(
    lambda: Status.update({Status.quotes_count: Status.quotes_count + param("by")}).where(
        Status.id == param("status")
    ),
    tuple,
)


def of_status(status_id: int, kind: ApprovalKind) -> Approval | None:
    return _OF_STATUS.first(status=status_id, kind=str(kind))


def by_id_of(approval_id: int) -> Approval | None:
    return _BY_ID.first(id=approval_id)


def by_stamp(uri: str) -> list[Approval]:
    return _BY_STAMP.all(uri=uri)


def of_statuses(status_ids: list[int]) -> list[Approval]:
    return _OF_STATUSES.all(ids=status_ids) if status_ids else []


def add(kind: ApprovalKind, status: Status, target: Status | None, **values: Any) -> Approval:
    """A new row; it changes nothing by itself yet."""
    row = {
        "id": ids.new_id(),
        "kind": str(kind),
        "status": status.id,
        "target": None if target is None else target.id,
        "target_uri": "" if target is None else target.uri,
        "account": None if target is None else target.account_id,
        "created_at": clock.now_ms(),
    }
    _INSERT.run(**row | values)
    made = of_status(status.id, kind)
    assert made is not None  # noqa: S101 - it was there, or is now
    return made


def change(approval: Approval, **values: Any) -> Approval:
    """Set columns; what is shown of the status, and how often its target is quoted, follows."""
    before = approval.state
    Approval.update(**values).where(Approval.id == approval.id).execute()
    changed = by_id_of(approval.id)
    assert changed is not None  # noqa: S101 - it was updated in this very unit
    if changed.state != before:
        count(changed, before)
        show_anew(changed.status_id)
    return changed


def count(approval: Approval, before: str = "") -> None:
    """Of a row that is now as it is, and was `before`. Numbers that everybody sees tell of open posts alone."""
    by = (approval.state == ApprovalState.ACCEPTED) - (before == ApprovalState.ACCEPTED)
    if approval.kind != ApprovalKind.QUOTE or by == 0 or approval.target_id is None:
        return
    status = by_id(approval.status_id)
    if status is not None and arrival.is_counted(status):
        _COUNT.run(status=approval.target_id, by=by)


def uncount_quote(status: Status) -> None:
    """`status` is not to be seen any more, and what it quotes is quoted once less."""
    approval = of_status(status.id, ApprovalKind.QUOTE)
    if approval is not None and approval.state == ApprovalState.ACCEPTED:
        before, approval.state = approval.state, ApprovalState.DELETED
        count(approval, before)


def show_anew(status_id: int) -> None:
    """What is kept of a status is made again, and whoever looks at it is told."""
    Status.update(version=Status.version + 1).where(Status.id == status_id).execute()
    status = by_id(status_id)
    if status is None:
        return
    author = account_by_id(status.account_id)
    tags = list(
        Tag.select(Tag.key).join(StatusTag, on=(StatusTag.tag == Tag.id)).where(StatusTag.status == status_id)
    )
    if topics := audience.topics(status, author, tags, fanout.holders([status_id])):
        streams.publish(topics, "status.update", status_id)


def stamp_uri(approval: Approval) -> str:
    """Where it is written that the author agreed: elsewhere, or here."""
    if approval.state != ApprovalState.ACCEPTED:
        return ""
    return approval.stamp_uri or own_stamp_uri(approval)


def own_stamp_uri(approval: Approval) -> str:
    return site.stamp_uri(approval.account_id, approval.id) if approval.account_id is not None else ""


def is_taken_back(stamp: str, author: Account) -> bool:
    """Its Delete was here before it."""
    return is_buried(stamp, author.uri)
