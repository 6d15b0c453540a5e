"""Quotes: made here, agreed to by whoever is quoted, refused, and taken back (FEP-044f)."""

from typing import Any

from node import jobs
from node.errors import Invalid, NotFound
from node.jobs import JobKind, Priority
from node.models import Account, Approval, ApprovalKind, ApprovalState, Notification, NotificationKind, Status
from node.models.access import visible
from node.models.paged import Paged, one_id
from node.paging import Page
from node.services.approvals import answers, answers_received, policies
from node.services.approvals import rows as approvals
from node.services.approvals.policies import Answer
from node.services.approvals.rows import change, is_taken_back
from node.services.notifications import telling as notifications
from node.services.statuses import audience
from node.services.statuses.loading import NOT_FOUND, by_id, get, get_original, own
from node.services.statuses.tombstones import bury
from node.store import param

QUOTE, ACCEPTED, PENDING = ApprovalKind.QUOTE, ApprovalState.ACCEPTED, ApprovalState.PENDING


# ── made here ────────────────────────────────────────────────────────────────────────────────────────────────────────


def quotable(account_id: int, status_id: int) -> Status:
    """The post that somebody wants to quote; NotFound for what they cannot see, Invalid for what they may not."""
    target = get_original(account_id, status_id)
    if policies.on_quote(target, account_id) is Answer.DENIED:
        raise Invalid(
            "Its author does not let you quote this post.", {"quoted_status_id": "may not be quoted by you"}
        )
    return target


def quote(status: Status, target: Status) -> None:
    """`status`, just posted here, quotes `target`, which is `quotable`."""
    answer = policies.on_quote(target, status.account_id)
    agreed = answer is Answer.AUTOMATIC and (target.local or target.account_id == status.account_id)
    approval = approvals.add(QUOTE, status, target, state=str(ACCEPTED if agreed else PENDING))
    if agreed:
        take_effect(approval, status)
    elif target.local:
        notifications.notify(
            target.account_id, NotificationKind.PENDING_QUOTE, status.account_id, status_id=status.id
        )
    else:
        jobs.enqueue(JobKind.SEND_QUOTE_REQUEST, approval.id, priority=Priority.URGENT)


def take_effect(approval: Approval, status: Status) -> None:
    approvals.count(approval)
    tell_quoted(approval, status)


def tell_quoted(approval: Approval, status: Status) -> None:
    if approval.account_id is not None:
        notifications.notify(approval.account_id, NotificationKind.QUOTE, status.account_id, status_id=status.id)


# ── what others answer us ────────────────────────────────────────────────────────────────────────────────────────────


def agreed_elsewhere(author: Account, status_id: int, stamp: str) -> None:
    """`author` accepts that a post of ours quotes it. `stamp` lies on its host."""
    approval = _asked_of(author, status_id)
    if approval is None or approval.state == ApprovalState.REVOKED or is_taken_back(stamp, author):
        return
    if approval.state != ACCEPTED or approval.stamp_uri != stamp:
        change(approval, state=str(ACCEPTED), stamp_uri=stamp)
        tell_readers(status_id)


def refused_elsewhere(author: Account, status_id: int) -> None:
    approval = _asked_of(author, status_id)
    if approval is not None and approval.state in (PENDING, ACCEPTED):
        was = approval.state
        change(approval, state=str(ApprovalState.REVOKED if was == ACCEPTED else ApprovalState.REJECTED))
        tell_readers(status_id)


def _asked_of(author: Account, status_id: int) -> Approval | None:
    approval = approvals.of_status(status_id, QUOTE)
    status = by_id(status_id)
    return approval if approval and status and status.local and approval.account_id == author.id else None


def tell_readers(status_id: int) -> None:
    """Whoever has a post of ours hears how it stands with its quote."""
    status = by_id(status_id)
    if status is not None and status.local and audience.is_kept_elsewhere(status):
        jobs.enqueue(JobKind.SEND_EDIT, status_id, once=True)


def receive_revocation(author: Account, stamp: str) -> bool:
    """`author` deleted one of its stamps: quotes and answers that it was for. False if it is none that we know."""
    known = [one for one in approvals.by_stamp(stamp) if one.account_id == author.id]
    for approval in known:
        was = approval.state
        approval = change(approval, state=str(ApprovalState.REVOKED))
        if was == ACCEPTED:
            answers_received.shut_out(approval)
        if approval.kind != ApprovalKind.REBLOG:  # which ends (services/interactions/asked_reblogs.py)
            tell_readers(approval.status_id)
    if known:
        bury(stamp, author.uri)
    return bool(known)


# ── as the one who is quoted ─────────────────────────────────────────────────────────────────────────────────────────


def requested(asker: Account, status: Status | None, target: Status, request_uri: str, instrument: str) -> None:
    """`asker`, elsewhere, wants its `status` to quote `target`, a post of ours that it may read.

    `status` is None where it was not worth storing, since the answer is no.
    """
    if status is None:
        answers.refuse(target, asker.id, QUOTE, instrument, request_uri)
        return
    approval = approvals.of_status(status.id, QUOTE)
    if approval is None or approval.target_uri != target.uri:
        return
    approval = change(approval, target=target.id, account=target.account_id, request_uri=request_uri)
    if approval.state in (PENDING, ApprovalState.UNAUTHORIZED):
        approval = _decide(approval, status, target)
    if approval.state != PENDING:
        answers.answer(approval)


def _decide(approval: Approval, status: Status, target: Status) -> Approval:
    decision = policies.on_quote(target, status.account_id)
    if decision is Answer.AUTOMATIC:
        approval = change(approval, state=str(ACCEPTED))
        tell_quoted(approval, status)
    elif decision is Answer.MANUAL:
        approval = change(approval, state=str(PENDING))
        notifications.notify(
            target.account_id, NotificationKind.PENDING_QUOTE, status.account_id, status_id=status.id
        )
    else:
        approval = change(approval, state=str(ApprovalState.REJECTED))
    return approval


def agree(approval: Approval) -> None:
    """By hand, to a quote that waited."""
    approval = change(approval, state=str(ACCEPTED))
    answers.answer(approval)
    tell_readers(approval.status_id)


def revoke(account_id: int, status_id: int, quoting_id: int) -> Status:
    """Take an own post out of another that quotes it; the post that quoted it. Twice is once."""
    target = own(account_id, status_id)
    approval = approvals.of_status(quoting_id, QUOTE)
    if approval is None or approval.target_id != target.id:
        raise NotFound(NOT_FOUND)
    status = get(account_id, quoting_id)
    if approval.state in (ACCEPTED, PENDING):
        was = approval.state
        change(approval, state=str(ApprovalState.REVOKED))
        notifications.withdraw(NotificationKind.QUOTE, status.account_id, status.id)
        notifications.withdraw(NotificationKind.PENDING_QUOTE, status.account_id, status.id)
        if was == ACCEPTED:
            answers.take_back(approval, status)
    return get(account_id, status.id)


def of_status(viewer_id: int | None, status_id: int, page: Page) -> list[int]:
    """Ids of the posts that quote a status, newest first, as far as the viewer may read them."""
    target = get_original(viewer_id, status_id)
    return _QUOTING.page(page, target=target.id, viewer=viewer_id or 0)


def _quoting() -> Any:
    return (
        Approval.select(Approval.status)
        .join(Status, on=(Status.id == Approval.status))
        .join(Account, on=(Account.id == Status.account))
        .where(
            Approval.target == param("target"),
            Approval.kind == str(QUOTE),
            Approval.state == str(ACCEPTED),
            visible(Status, Account, param("viewer")),
        )
    )


_QUOTING = Paged(_quoting, Approval.status, one_id)


# ── changes and ends ─────────────────────────────────────────────────────────────────────────────────────────────────


def tell_quoters(target: Status) -> None:
    """`target` was edited. Each edit is news, so that of the one before goes."""
    quoting = (
        Status.select(Status.id, Status.account)
        .join(Approval, on=(Approval.status == Status.id))
        .where(
            Approval.target == target.id, Approval.kind == str(QUOTE), Approval.state == str(ACCEPTED), Status.local
        )
    )
    for status in list(quoting):
        Notification.delete().where(
            Notification.status == status.id, Notification.kind == NotificationKind.QUOTED_UPDATE
        ).execute()
        notifications.notify(
            status.account_id, NotificationKind.QUOTED_UPDATE, target.account_id, status_id=status.id
        )


def forget_target(target: Status) -> None:
    """`target` goes: posts that quote it say so."""
    quoting = [row.status_id for row in Approval.select(Approval.status).where(Approval.target == target.id)]
    if quoting:
        Approval.update(state=str(ApprovalState.DELETED)).where(
            Approval.target == target.id, Approval.kind == str(QUOTE)
        ).execute()
        Status.update(version=Status.version + 1).where(Status.id.in_(quoting)).execute()
