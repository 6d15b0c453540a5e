"""What we tell other servers about quotes of our posts, answers to them, likes and boosts: yes, no, and not any more."""

from typing import Any

from node import jobs
from node.jobs import JobKind, Priority
from node.models import Approval, ApprovalKind, Status
from node.services.approvals import rows as approvals
from node.services.statuses.loading import by_id


def answer(approval: Approval) -> None:
    """As the row stands when the answer is written. Nothing to whoever lives here, or asked nobody."""
    status = by_id(approval.status_id)
    if status is None or status.local or approval.account_id is None or not _awaits(approval):
        return
    target = by_id(approval.target_id) if approval.target_id is not None else None
    if target is not None and not target.local:  # that yes was not ours
        return
    _enqueue(
        approval.account_id,
        status.account_id,
        kind=approval.kind,
        object=approval.target_uri,
        instrument=status.uri,
        request=approval.request_uri,
        approval=approval.id,
    )


def refuse(target: Status, asker_id: int, kind: ApprovalKind, instrument: str, request_uri: str = "") -> None:
    """No, to something that is not stored here."""
    _enqueue(
        target.account_id,
        asker_id,
        kind=str(kind),
        object=target.uri,
        instrument=instrument,
        request=request_uri,
        approval=0,
    )


def agree(target: Status, asker_id: int, kind: ApprovalKind, number: int, uri: str, request_uri: str = "") -> None:
    """Yes, to a favourite or a boost, which is the row of this number."""
    _enqueue(
        target.account_id,
        asker_id,
        kind=str(kind),
        object=target.uri,
        instrument=uri,
        request=request_uri,
        approval=number,
    )


def take_back(approval: Approval, status: Status) -> None:
    """A stamp of ours is not there any more."""
    if approval.account_id is None:
        return
    payload = {
        "account_id": approval.account_id,
        "asker_id": status.account_id,
        "stamp": approvals.own_stamp_uri(approval),
    }
    jobs.enqueue(JobKind.SEND_REVOCATION, payload=payload, priority=Priority.URGENT)


def _awaits(approval: Approval) -> bool:
    return approval.kind == ApprovalKind.REPLY or approval.request_uri != ""


def _enqueue(account_id: int, asker_id: int, **told: Any) -> None:
    payload = {"account_id": account_id, "asker_id": asker_id} | told
    jobs.enqueue(JobKind.SEND_APPROVAL, payload=payload, priority=Priority.URGENT)
