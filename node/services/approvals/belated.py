"""A policy elsewhere that came after what it is about: answers that were here before it are judged, or what waits begins.

All by jobs, a few rows at a time: how much there is to be judged, strangers decide.
"""

from typing import Any

import msgspec

from node import jobs
from node.jobs import JobKind, Priority, TakenJob
from node.models import Approval, ApprovalKind, ApprovalState, Favourite, Status, Visibility
from node.models.access import exists
from node.services.approvals import answers_received, policies, replies
from node.services.approvals.policies import ANYONE
from node.services.interactions import asked_reblogs
from node.services.statuses.loading import by_id

AT_ONCE = 20


def arrived(parent: Status) -> None:
    """`parent` was just stored; what answers it may have been here before."""
    if _holds_answers(parent) and Status.select().where(Status.in_reply_to == parent.id).exists():
        jobs.enqueue(JobKind.HOLD_EARLIER, parent.id, priority=Priority.BULK, once=True)


def changed(status: Status, policy: str) -> None:
    """Its author elsewhere let other people in, and now says `policy`."""
    before, after = policies.read(status.policy), policies.read(policy)
    widens = (before.reply, before.reblog) != (ANYONE, ANYONE) and ANYONE in (after.reply, after.reblog)
    if widens and Approval.select().where(_waits_for(status.id)).exists():
        jobs.enqueue(JobKind.LET_IN, status.id, priority=Priority.BULK, once=True)
    if before.favourite != ANYONE and after.favourite == ANYONE and _unanswered(status.id).exists():
        jobs.enqueue(JobKind.TELL_FAVOURITES, status.id, priority=Priority.BULK, once=True)


def hold_earlier(job: TakenJob) -> None:
    """HOLD_EARLIER. What such an answer claims of a stamp was not kept: it is asked for it, and held if it has none."""
    jobs.finish(job)
    parent = by_id(job.subject)
    if parent is None or not _holds_answers(parent):
        return
    is_judged = exists(Approval, Approval.status == Status.id, Approval.kind == str(ApprovalKind.REPLY))
    query = Status.select().where(
        Status.in_reply_to == parent.id,
        Status.id > job.payload.get("after", 0),
        ~Status.local,
        Status.visibility != str(Visibility.DIRECT),
        ~is_judged,
    )
    earlier = list(query.order_by(Status.id).limit(AT_ONCE))
    for status in earlier:
        answers_received.doubt(status, parent)
    _go_on(job, earlier)


def let_in(job: TakenJob) -> None:
    """LET_IN. What had to be asked for needs no yes any more, and so no stamp."""
    jobs.finish(job)
    target = by_id(job.subject)
    if target is None:
        return
    policy = policies.read(target.policy)
    kinds = {ApprovalKind.REPLY: policy.reply, ApprovalKind.REBLOG: policy.reblog}
    free = [str(kind) for kind, permission in kinds.items() if permission == ANYONE]
    query = Approval.select().where(
        _waits_for(target.id), Approval.kind.in_(free), Approval.id > job.payload.get("after", 0)
    )
    waiting = list(query.order_by(Approval.id).limit(AT_ONCE))
    for approval in waiting:
        if approval.kind == ApprovalKind.REPLY:
            replies.let_in(approval)
        else:
            asked_reblogs.begin(approval)
    _go_on(job, waiting)


def return_boosts(job: TakenJob) -> None:
    """RETURN_BOOSTS. As if they were made now, where that is still possible: those of people here are told anew."""
    jobs.finish(job)
    boosts = msgspec.convert(job.payload.get("boosts"), list[replies.HeldBoost])
    for boost in boosts[:AT_ONCE]:
        asked_reblogs.make_again(boost, job.subject)
    if rest := boosts[AT_ONCE:]:
        payload = {"boosts": msgspec.to_builtins(rest)}
        jobs.enqueue(JobKind.RETURN_BOOSTS, job.subject, payload=payload, priority=Priority.BULK)


def tell_favourites(job: TakenJob) -> None:
    """TELL_FAVOURITES. Those that had to be asked for are told now; whoever heard of one before hears the same again."""
    jobs.finish(job)
    favourites = list(
        _unanswered(job.subject)
        .where(Favourite.id > job.payload.get("after", 0))
        .order_by(Favourite.id)
        .limit(AT_ONCE)
    )
    for favourite in favourites:
        jobs.enqueue(JobKind.SEND_FAVOURITE, favourite.id, priority=Priority.BULK, once=True)
    _go_on(job, favourites)


def _unanswered(status_id: int) -> Any:
    """Favourites by people here, of which others have a uri, that no stamp came for."""
    return Favourite.select().where(Favourite.status == status_id, Favourite.uri == "", Favourite.stamp_uri == "")


def _holds_answers(parent: Status) -> bool:
    return not parent.local and policies.read(parent.policy).reply != ANYONE


def _waits_for(target_id: int) -> object:
    """Held answers and boosts; one that was refused stays so."""
    states = [str(ApprovalState.PENDING), str(ApprovalState.UNAUTHORIZED)]
    return (Approval.target == target_id) & (Approval.held != "") & Approval.state.in_(states)


def _go_on(job: TakenJob, done: list[Status] | list[Approval] | list[Favourite]) -> None:
    if len(done) == AT_ONCE:
        payload = {"after": done[-1].id}
        jobs.enqueue(JobKind(job.kind), job.subject, payload=payload, priority=Priority.BULK, once=True)
