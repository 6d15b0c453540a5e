"""Boosts that somebody elsewhere has to allow: let in, refused, and taken back (docs/adr/0034-boosts-that-wait.md).

And those of an answer that had to be allowed (docs/adr/0046-boosts-that-return.md).
"""

from contextlib import suppress

from node import jobs
from node.errors import Invalid, NotFound
from node.jobs import JobKind
from node.models import Account, Approval, ApprovalKind, ApprovalState, Status
from node.services.approvals import rows as approvals
from node.services.approvals.replies import HeldBoost
from node.services.interactions import reblogs
from node.services.statuses.loading import account_by_id, by_id


def by_number(boost_id: int) -> Approval | None:
    """The row of a boost here that had to be asked for."""
    return approvals.of_status(boost_id, ApprovalKind.REBLOG)


def agreed_elsewhere(author: Account, boost_id: int, stamp: str) -> None:
    """`author` lets somebody here boost a post: now it begins, and everybody is told, with the stamp."""
    found = _asked_of(author, boost_id)
    if found is None or found[0].state != ApprovalState.PENDING or approvals.is_taken_back(stamp, author):
        return
    _begin(*found, stamp)


def begin(approval: Approval) -> None:
    """Its author lets everybody boost it now: a boost that waits for a yes needs none."""
    boost = by_id(approval.status_id)
    original = by_id(boost.reblog_of_id) if boost is not None and boost.reblog_of_id is not None else None
    if boost is not None and original is not None:
        _begin(approval, boost, original, "")


def _begin(approval: Approval, boost: Status, original: Status, stamp: str) -> None:
    waits = (Approval.id == approval.id) & (Approval.state == ApprovalState.PENDING)
    if not Approval.update(held="").where(waits, Approval.held != "").execute():
        return  # another answer was first
    Status.update(visibility=approval.held, version=Status.version + 1).where(Status.id == boost.id).execute()
    approvals.change(approval, state=str(ApprovalState.ACCEPTED), stamp_uri=stamp)
    shown = by_id(boost.id)
    assert shown is not None  # noqa: S101 - it was updated in this very unit
    reblogs.begin(shown, account_by_id(shown.account_id), original)
    jobs.enqueue(JobKind.SEND_REBLOG, boost.id)


def make_again(boost: HeldBoost, status_id: int) -> None:
    """It ended because what it boosts was held. Whoever took it back since, or may not boost it now, does not have it."""
    booster = Account.get_or_none(Account.id == boost.account_id)
    if booster is None or booster.is_gone:
        return
    if boost.uri:
        reblogs.receive(booster, status_id, uri=boost.uri, visibility=boost.visibility, created_at=boost.created_at)
        return
    with suppress(NotFound, Invalid):
        reblogs.add(booster.id, status_id, boost.visibility)


def refused_elsewhere(author: Account, boost_id: int) -> None:
    """`author` does not want it, or not any more; so it is not there."""
    found = _asked_of(author, boost_id)
    if found is None:
        return
    approval, boost, original = found
    if approval.state == ApprovalState.PENDING:
        reblogs.erase(boost)  # nobody else ever heard of it
    else:
        reblogs.withdraw(boost, original)


def stamp_taken_back(author: Account, stamp: str) -> None:
    """`author` deleted a stamp."""
    for approval in approvals.by_stamp(stamp):
        if approval.kind == ApprovalKind.REBLOG:
            refused_elsewhere(author, approval.status_id)


def _asked_of(author: Account, boost_id: int) -> tuple[Approval, Status, Status] | None:
    approval, boost = by_number(boost_id), by_id(boost_id)
    if approval is None or boost is None or not boost.local or approval.account_id != author.id:
        return None
    original = by_id(boost.reblog_of_id) if boost.reblog_of_id is not None else None
    return (approval, boost, original) if original is not None else None
