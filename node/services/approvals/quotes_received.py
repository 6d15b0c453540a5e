"""Quotes by people elsewhere: what they quote is judged, fetched if it is missing, and their stamps are looked at."""

from node import jobs
from node.jobs import JobKind, Priority
from node.models import Approval, ApprovalKind, ApprovalState, Status
from node.models.access import OPEN
from node.services.approvals import policies, quotes
from node.services.approvals import rows as approvals
from node.services.approvals.policies import Answer, Group
from node.services.approvals.rows import change, is_taken_back
from node.services.statuses.facts import QuoteFacts
from node.services.statuses.loading import account_by_id, by_id, by_uri, visible_ids

QUOTE, ACCEPTED, PENDING = ApprovalKind.QUOTE, ApprovalState.ACCEPTED, ApprovalState.PENDING
# Of a chain of quotes so many are asked for, one after the other.
MAX_DEPTH = 3
# From these a true stamp still leads to a yes; what was taken back stays so.
_OPEN_ENDED = (PENDING, ApprovalState.REJECTED, ApprovalState.UNAUTHORIZED)


def receive(status: Status, said: QuoteFacts) -> None:
    """`status`, just stored and not ours, quotes something; what is missing is asked for later."""
    target = by_uri(said.uri)
    state = PENDING if target is None else _judged(status, target, said.legacy)
    approval = approvals.add(QUOTE, status, target, target_uri=said.uri, legacy=said.legacy, state=str(state))
    if state == ACCEPTED:
        quotes.take_effect(approval, status)
    elif state == PENDING:
        _ask_for(approval, target, said.stamp_uri, said.depth)


def _judged(status: Status, target: Status, legacy: bool) -> ApprovalState:
    """Before any stamp was looked at."""
    if target.reblog_of_id is not None or not visible_ids(status.account_id, [target.id]):
        return ApprovalState.UNAUTHORIZED
    if target.account_id == status.account_id:
        return ACCEPTED
    if target.visibility not in OPEN:
        return ApprovalState.UNAUTHORIZED
    if not legacy:
        return PENDING
    # Whom somebody elsewhere counts as a follower, only their server knows.
    allowed = (
        policies.on_quote(target, status.account_id) is Answer.AUTOMATIC
        if target.local
        else Group.PUBLIC in policies.read(target.policy).quote.automatic
    )
    return ACCEPTED if allowed else ApprovalState.UNAUTHORIZED


def _ask_for(approval: Approval, target: Status | None, stamp: str, depth: int) -> None:
    """The quoted post, if it is not here, and the stamp, if one is claimed and is not for us to give."""
    if target is None and depth >= MAX_DEPTH:
        return
    if target is None or (stamp and not target.local):
        payload = {"stamp": stamp, "depth": depth}
        jobs.enqueue(JobKind.FETCH_QUOTED, approval.id, payload=payload, priority=Priority.BULK, once=True)


def receive_change(status: Status, said: QuoteFacts | None, *, newer: bool) -> None:
    """An Update of `status`. Only a `newer` one may quote something else, and none takes a yes away by silence."""
    approval = approvals.of_status(status.id, QUOTE)
    if approval is not None and (said is None or said.uri != approval.target_uri):
        if not newer:
            return
        approvals.uncount_quote(status)
        Approval.delete().where(Approval.id == approval.id).execute()
        approvals.show_anew(status.id)
        approval = None
    if said is None:
        return
    if approval is None:
        if newer:
            receive(status, said)
            approvals.show_anew(status.id)
        return
    is_ours = approval.target_id is not None and (target := by_id(approval.target_id)) is not None and target.local
    # Without its stamp the old one is looked at again: perhaps it was taken back, and nobody told us.
    stamp = said.stamp_uri or approval.stamp_uri
    if stamp and not is_ours and (stamp != approval.stamp_uri or not said.stamp_uri):
        payload = {"stamp": stamp, "depth": said.depth}
        jobs.enqueue(JobKind.FETCH_QUOTED, approval.id, payload=payload, priority=Priority.BULK, once=True)


def found(approval_id: int, target_uri: str) -> Approval | None:
    """What is quoted was fetched, or could not be had; the row as it is now, None if the quote is gone."""
    approval = approvals.by_id_of(approval_id)
    if approval is None or approval.target_id is not None or approval.target_uri != target_uri:
        return approval
    target, status = by_uri(target_uri), by_id(approval.status_id)
    if target is None or status is None:
        return change(approval, state=str(ApprovalState.UNAUTHORIZED))
    state = _judged(status, target, approval.legacy)
    approval = change(approval, target=target.id, account=target.account_id)
    if state != PENDING:
        approval = change(approval, state=str(state))
        if state == ACCEPTED:
            quotes.tell_quoted(approval, status)
    return approval


def stamped(approval_id: int, stamp: str, *, true: bool) -> None:
    """The stamp was fetched from where it is said to be: it is true, or there is none such."""
    approval = approvals.by_id_of(approval_id)
    if approval is None or approval.account_id is None:
        return
    author = account_by_id(approval.account_id)
    if true and not is_taken_back(stamp, author):
        if approval.state in (*_OPEN_ENDED, ACCEPTED):
            change(approval, state=str(ACCEPTED), stamp_uri=stamp)
    elif approval.state == ACCEPTED and approval.stamp_uri == stamp:
        change(approval, state=str(ApprovalState.REVOKED))
    elif approval.state == PENDING:
        change(approval, state=str(ApprovalState.UNAUTHORIZED))
