"""What statuses quote, as far as one reader may know of it."""

from collections.abc import Iterable
from typing import Any

import msgspec
from peewee import Case

from node import clock
from node.models import Account, ApprovalState, Block, Mute, Status
from node.models.access import domain_blocked, exists, visible
from node.services.statuses.bodies import QuoteView, StatusBody
from node.services.statuses.loading import visible_ids
from node.store import Prepared, in_ids, param


class Quoted(msgspec.Struct, frozen=True):
    """`state` as the client API names it; `status_id` where there is something to show, if need be past a warning."""

    state: str
    status_id: int | None = None


def _readable() -> Any:
    """(id, state) of those that the reader may read, if need be past a warning."""
    viewer = param("viewer")
    mute = exists(
        Mute,
        Mute.account == viewer,
        Mute.target == Account.id,
        Mute.expires_at.is_null() | (Mute.expires_at > param("now")),
    )
    reason = Case(
        None,
        [
            (exists(Block, Block.account == viewer, Block.target == Account.id), "blocked_account"),
            (domain_blocked(viewer, Account), "blocked_domain"),
            (mute, "muted_account"),
        ],
        str(ApprovalState.ACCEPTED),
    )
    query = Status.select(Status.id, reason).join(Account, on=(Account.id == Status.account))
    return query.where(
        in_ids(Status.id, param("ids")),
        Status.reblog_of.is_null(),
        visible(Status, Account, viewer, hides_blocked=False),
    )


_READABLE = Prepared(_readable, lambda status_id, state: (int(status_id), str(state)))


def by_quoting(bodies: Iterable[StatusBody], viewer_id: int | None) -> dict[int, Quoted]:
    """By the id of the quoting status. One question, if anything is quoted."""
    said = _said(bodies)
    wanted = _accepted(said)
    states = dict(_READABLE.all(ids=wanted, viewer=viewer_id or 0, now=clock.now_ms())) if wanted else {}
    return {i: _seen(one, states) for i, one in said.items()}


def within_quoted(bodies: Iterable[StatusBody], viewer_id: int | None) -> dict[int, Quoted]:
    """The same of what is quoted itself, whose quotes are named and not shown: so nobody is warned of them."""
    said = _said(bodies)
    states = dict.fromkeys(visible_ids(viewer_id, _accepted(said)), str(ApprovalState.ACCEPTED))
    return {i: _seen(one, states) for i, one in said.items()}


def _said(bodies: Iterable[StatusBody]) -> dict[int, QuoteView]:
    return {body.id: body.quote for body in bodies if body.quote is not None}


def _accepted(said: dict[int, QuoteView]) -> list[int]:
    return list({one.status_id for one in said.values() if one.state == ApprovalState.ACCEPTED and one.status_id})


def _seen(said: QuoteView, states: dict[int, str]) -> Quoted:
    if said.state != ApprovalState.ACCEPTED:
        return Quoted(said.state)
    if said.status_id is None:
        return Quoted(ApprovalState.DELETED)
    state = states.get(said.status_id)
    # What the reader may not know of looks like what was never allowed.
    return Quoted(ApprovalState.UNAUTHORIZED) if state is None else Quoted(state, said.status_id)
