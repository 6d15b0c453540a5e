"""Answers to posts whose authors want to be asked. One that waits is a message to that author, until it may be more."""

from typing import Any

import msgspec

from node import jobs
from node.jobs import JobKind, Priority
from node.models import (
    Account,
    Approval,
    ApprovalKind,
    ApprovalState,
    Mention,
    NotificationKind,
    Status,
    StatusTag,
    Tag,
    Visibility,
)
from node.models.access import OPEN
from node.services.approvals import answers, policies
from node.services.approvals import rows as approvals
from node.services.approvals.policies import ANYONE, Answer
from node.services.notifications import telling as notifications
from node.services.statuses import arrival, audience
from node.services.statuses.arrival import Arrival
from node.services.statuses.loading import account_by_id, by_id
from node.services.timelines import fanout
from node.store import in_ids

_MOST_BOOSTS = 100

REPLY, ACCEPTED, PENDING = ApprovalKind.REPLY, ApprovalState.ACCEPTED, ApprovalState.PENDING


class HeldBoost(msgspec.Struct):
    """A boost of an answer that everybody saw before it was held."""

    account_id: int
    visibility: Visibility
    created_at: int
    uri: str = ""  # of one by somebody elsewhere


class Held(msgspec.Struct):
    """What a waiting answer is to become, and whom it names."""

    visibility: Visibility
    mentions: list[int] = []
    quiet: bool = False  # it is old: nobody is told of it
    was_shown: bool = False  # everybody saw it before it was held
    boosts: list[HeldBoost] = []


def held(approval: Approval) -> Held | None:
    return msgspec.json.decode(approval.held, type=Held) if approval.held else None


def judged(parent: Status | None, account_id: int, visibility: Visibility) -> Answer:
    """What the policy of `parent` says to an answer. A message to its author alone needs no leave."""
    if parent is None or parent.policy == "" or visibility is Visibility.DIRECT:
        return Answer.AUTOMATIC
    return policies.on_reply(parent, account_id)


def waits(answer: Answer) -> bool:
    """A policy that we cannot read is one to ask about."""
    return answer in (Answer.MANUAL, Answer.UNKNOWN)


def hold(
    status: Status,
    parent: Status,
    visibility: Visibility,
    mentions: list[int],
    *,
    quiet: bool = False,
) -> Approval:
    """`status` is, or becomes, a message: its author and that of `parent` see it, and nobody is told of more."""
    arrival.mention(status.id, [parent.account_id], silent=True)
    approval = approvals.add(REPLY, status, parent, held=_written(Held(visibility, list(mentions), quiet)))
    if parent.local:
        notifications.notify(
            parent.account_id, NotificationKind.PENDING_REPLY, status.account_id, status_id=status.id
        )
    return approval


def hold_again(approval: Approval, status: Status, parent: Status, mentions: list[int]) -> None:
    """The same for an answer elsewhere that everybody has seen, and boosted."""
    arrival.mention(status.id, [parent.account_id], silent=True)
    kept = Held(Visibility(status.visibility), mentions, quiet=True, was_shown=True, boosts=_boosts_of(status))
    Approval.update(held=_written(kept)).where(Approval.id == approval.id).execute()


def _boosts_of(status: Status) -> list[HeldBoost]:
    """Those by people here, and the newest of the others: how many there are, strangers decide."""
    query = Status.select().where(Status.reblog_of == status.id, Status.visibility.in_(OPEN))
    boosts = list(query.order_by(Status.local.desc(), Status.id.desc()).limit(_MOST_BOOSTS))
    return [
        HeldBoost(one.account_id, Visibility(one.visibility), one.created_at, "" if one.local else one.uri)
        for one in boosts
    ]


def _written(kept: Held) -> str:
    return msgspec.json.encode(kept).decode()


def note(status: Status, parent: Status) -> None:
    """An answer that a policy allows at once: its author's server says so, ours or another."""
    is_message = status.visibility == Visibility.DIRECT
    if is_message or policies.read(parent.policy).reply == ANYONE or status.account_id == parent.account_id:
        return
    state = ACCEPTED if parent.local else PENDING
    approval = approvals.add(REPLY, status, parent, state=str(state))
    if parent.local:
        answers.answer(approval)


def requested(status: Status, request_uri: str) -> None:
    """The answer came with a request, which our yes or no has to name."""
    approval = approvals.of_status(status.id, REPLY)
    if approval is not None and request_uri and approval.request_uri != request_uri:
        approval = approvals.change(approval, request_uri=request_uri)
        if approval.state != PENDING:
            answers.answer(approval)


def waiting(status: Status) -> Approval | None:
    """The row of an answer that still waits, or was refused; None for all others."""
    if status.visibility != Visibility.DIRECT or status.in_reply_to_uri == "":
        return None
    approval = approvals.of_status(status.id, REPLY)
    return approval if approval is not None and approval.held else None


def rename(approval: Approval, mentions: list[int]) -> None:
    """An edit of a waiting answer names others."""
    kept = held(approval)
    if kept is not None:
        kept.mentions = list(mentions)
        Approval.update(held=_written(kept)).where(Approval.id == approval.id).execute()


def let_in(approval: Approval, stamp: str = "") -> None:
    """The author agreed; what waited begins."""
    status, kept = by_id(approval.status_id), held(approval)
    if status is None or approval.state == ApprovalState.REVOKED:
        return
    answers.answer(approvals.change(approval, state=str(ACCEPTED), stamp_uri=stamp, held=""))
    if kept is None:
        _tell_again(status)
        return
    Status.update(visibility=str(kept.visibility), version=Status.version + 1).where(Status.id == status.id).execute()
    shown = by_id(status.id)
    assert shown is not None  # noqa: S101 - it was updated in this very unit
    _name(shown, kept.mentions)
    told = [one for one in arrival.local_among(kept.mentions) if one != approval.account_id]
    tags = list(Tag.select().join(StatusTag, on=(StatusTag.tag == Tag.id)).where(StatusTag.status == shown.id))
    author = account_by_id(shown.account_id)
    arrival.settle(Arrival(status=shown, author=author, tags=tags, told=told, quiet=kept.quiet))
    if kept.was_shown:
        arrival.count(shown)
    if kept.boosts:
        payload = {"boosts": msgspec.to_builtins(kept.boosts)}
        jobs.enqueue(JobKind.RETURN_BOOSTS, shown.id, payload=payload, priority=Priority.BULK)
    quote = approvals.of_status(shown.id, ApprovalKind.QUOTE)
    if quote is not None:
        approvals.count(quote)  # while it waited, it told nobody that it quotes
    if shown.local and audience.concerns_remote(shown):
        jobs.enqueue(JobKind.SEND_STATUS, shown.id, priority=Priority.URGENT)


def _name(status: Status, mentions: list[int]) -> None:
    Mention.update(silent=False).where(Mention.status == status.id, in_ids(Mention.account, mentions)).execute()
    arrival.mention(status.id, mentions)


def _tell_again(status: Status) -> None:
    """An answer that stands already has its stamp now. One that was here first has its place among what it answers."""
    if not status.local:
        fanout.distribute(status, local=False, tagged=False)
    elif audience.concerns_remote(status):
        jobs.enqueue(JobKind.SEND_EDIT, status.id, once=True)


def refuse(approval: Approval) -> None:
    """It stays a message that its two people know of."""
    if approval.state == PENDING:
        answers.answer(approvals.change(approval, state=str(ApprovalState.REJECTED)))


def answered_elsewhere(author: Account, status_id: int, stamp: str) -> None:
    """`author` agrees to an answer of ours, with a stamp on its host; or, without one, does not."""
    approval: Any = approvals.of_status(status_id, REPLY)
    status = by_id(status_id)
    if approval is None or status is None or not status.local or approval.account_id != author.id:
        return
    if not stamp:
        refuse(approval)
    elif approval.state != ACCEPTED and not approvals.is_taken_back(stamp, author):
        let_in(approval, stamp)
