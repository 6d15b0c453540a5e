"""Answers by people elsewhere to people elsewhere who want to be asked: nobody sees them before they were let in."""

from node import jobs
from node.jobs import JobKind, Priority
from node.models import Approval, ApprovalKind, ApprovalState, Mention, Status, Visibility
from node.services.approvals import policies, replies
from node.services.approvals import rows as approvals
from node.services.approvals.policies import ANYONE
from node.services.statuses import arrival, withdrawal
from node.services.statuses.loading import account_by_id, by_id

_MOST_NAMED = 100


def needs_stamp(parent: Status, account_id: int, visibility: str) -> bool:
    """Whom else the author of `parent` lets in, only their server knows: its followers are not all known here."""
    if parent.local or visibility == Visibility.DIRECT or policies.read(parent.policy).reply == ANYONE:
        return False
    stands = policies.relation(parent, account_id)
    return not (stands.is_author or stands.named)


def look_at(status: Status, stamp: str) -> None:
    """Later: an answer that waits claims to have been let in."""
    approval = replies.waiting(status) if stamp and not status.local else None
    if approval is not None and approval.state in (ApprovalState.PENDING, ApprovalState.UNAUTHORIZED):
        ask(approval.id, stamp)


def stamped(approval_id: int, stamp: str, *, true: bool) -> None:
    """The stamp was fetched from where it is said to be: it is true, or there is none such."""
    approval = approvals.by_id_of(approval_id)
    if approval is None or approval.account_id is None or approval.state == ApprovalState.ACCEPTED:
        return
    if true and not approvals.is_taken_back(stamp, account_by_id(approval.account_id)):
        replies.let_in(approval, stamp)
    elif approval.state == ApprovalState.PENDING:
        approvals.change(approval, state=str(ApprovalState.UNAUTHORIZED))


def doubt(status: Status, parent: Status) -> None:
    """`status` was here before `parent`, and is seen until it was asked for its yes (docs/adr/0042)."""
    if _needs_yes(status, parent):
        ask(approvals.add(ApprovalKind.REPLY, status, parent).id, "")


def hold(approval_id: int) -> None:
    """It was asked, and has no yes, or its server does not answer: from now on it waits as those that come today."""
    approval = approvals.by_id_of(approval_id)
    if approval is None or approval.held or approval.state not in (ApprovalState.PENDING, ApprovalState.UNAUTHORIZED):
        return
    status = by_id(approval.status_id)
    parent = by_id(approval.target_id) if approval.target_id is not None else None
    if status is not None and parent is not None and not status.local and _needs_yes(status, parent):
        replies.hold_again(approval, status, parent, _named(status))
        withdrawal.hide(status)


def shut_out(approval: Approval) -> None:
    """The yes was taken back: whoever is named in it may read it still, and nobody else."""
    status = by_id(approval.status_id)
    if approval.kind == ApprovalKind.REPLY and status is not None and not status.local:
        withdrawal.hide(status)


def _needs_yes(status: Status, parent: Status) -> bool:
    needs = needs_stamp(parent, status.account_id, status.visibility)
    return needs and not arrival.local_among(_named(status))


def _named(status: Status) -> list[int]:
    named = Mention.select().where(Mention.status == status.id, ~Mention.silent).limit(_MOST_NAMED)
    return [row.account_id for row in named]


def ask(approval_id: int, stamp: str) -> None:
    """Have the stamp looked at; without one the answer is asked for it."""
    payload = {"stamp": stamp} if stamp else None
    jobs.enqueue(JobKind.FETCH_STAMP, approval_id, payload=payload, priority=Priority.BULK, once=True)
