"""Asking to quote, answering those who ask, and taking a yes back."""

from typing import Any

from federation import audience
from federation.audience import PUBLIC, Addressing
from federation.compose.message import Last, Message, both, personal
from federation.render import activity, note
from federation.render.loading import note_parts
from node import site
from node.jobs import Priority, TakenJob
from node.models import ApprovalKind, ApprovalState
from node.services.accounts import lookup
from node.services.approvals import permits
from node.services.approvals import rows as approvals

_REQUESTS = {
    ApprovalKind.QUOTE: "QuoteRequest",
    ApprovalKind.REPLY: "ReplyRequest",
    ApprovalKind.FAVOURITE: "LikeRequest",
    ApprovalKind.REBLOG: "AnnounceRequest",
}


def quote_requested(job: TakenJob) -> Message | None:
    approval = approvals.by_id_of(job.subject)
    if approval is None or approval.state != ApprovalState.PENDING or approval.account_id is None:
        return None
    parts, author = note_parts(approval.status_id), lookup.by_id(approval.account_id)
    if parts is None or author is None or parts.author.is_gone:
        return None
    uri = site.activity_uri(parts.author.id, "quote_requests", approval.id)
    document = activity.quote_request(uri, parts.author.uri, approval.target_uri, note.note(parts), author.uri)
    return personal(parts.author, author, document, parts.status.uri)


def answered(job: TakenJob) -> Message | None:
    """As it stands now. `approval` is 0 where what was asked about is not stored, because it was refused."""
    told = job.payload
    people = both(told["account_id"], told["asker_id"])
    stamp = _stamp(told) if told["approval"] else ""
    if people is None or stamp is None:
        return None
    author, asker = people
    kind = "Accept" if stamp else "Reject"
    uri = site.activity_uri(author.id, f"{kind.lower()}s", job.id)
    document = activity.answer_request(kind, uri, author.uri, asker.uri, _request(told, asker.uri))
    if stamp:
        document["result"] = stamp
    return personal(author, asker, document, f"approval {told['instrument']}")


def _stamp(told: dict[str, Any]) -> str | None:
    """Where the yes is written; empty for a no, None where there is nothing to say any more, or not yet."""
    kind, number = ApprovalKind(told["kind"]), told["approval"]
    if kind in (ApprovalKind.FAVOURITE, ApprovalKind.REBLOG):
        found = permits.find(kind, number)
        return None if found is None else site.permit_uri(told["account_id"], kind, number)
    approval = approvals.by_id_of(number)
    if approval is None or approval.state == ApprovalState.PENDING:
        return None
    return approvals.stamp_uri(approval)


def _request(told: dict[str, Any], asker: str) -> dict[str, Any] | str:
    """An answer that asked by nothing but itself is named itself, as GoToSocial expects."""
    if not told["request"]:
        return str(told["instrument"])
    return {
        "id": told["request"],
        "type": _REQUESTS[ApprovalKind(told["kind"])],
        "actor": asker,
        "object": told["object"],
        "instrument": told["instrument"],
    }


def taken_back(job: TakenJob) -> Message | None:
    """To whoever quoted, and to followers, who may have seen it."""
    told = job.payload
    people = both(told["account_id"], told["asker_id"])
    if people is None:
        return None
    author, asker = people
    return Message(
        actor=author,
        document=activity.delete_stamp(author.uri, told["stamp"], Addressing([asker.uri], [PUBLIC])),
        inboxes=audience.personal_inboxes_of([asker.id]) | audience.inboxes_of_followers(author.id),
        about=told["stamp"],
        priority=Priority.URGENT,
        is_last_word=Last.ABOUT_THIS,
    )
