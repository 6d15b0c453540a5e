"""What others answer to posts of ours goes on to our author's followers, to the byte (ActivityPub, section 7.1.2).

They may never hear of it otherwise: their servers know the author of the answer no better than we did. Only what
carries a proof of who said it is worth passing on, and only what everybody may read.
"""

from typing import Any

from federation import audience, uris
from federation.compose.message import Message
from node import jobs
from node.jobs import JobKind, Priority, TakenJob
from node.models import Account, Status
from node.services.accounts import lookup as account_lookup
from node.services.statuses import loading
from node.services.statuses.audience import has_remote_follower, is_open

_PROOFS = ("proof", "signature")  # FEP-8b32, and Linked Data signatures, which others still read


def may_be_passed_on(document: dict[str, Any]) -> bool:
    """Whether others could tell who said it."""
    return any(type(document.get(name)) is dict for name in _PROOFS)


def pass_on(status: Status | None, body: bytes) -> None:
    """Inside a unit of work, about an answer that is here: the author of what it answers tells their followers."""
    if status is None or not body or status.local or not is_open(status) or status.in_reply_to_id is None:
        return
    parent = loading.by_id(status.in_reply_to_id)
    if parent is None or not parent.local or parent.local_only or not is_open(parent):
        return
    if has_remote_follower(parent.account_id):
        payload = {"account_id": parent.account_id, "uri": status.uri, "body": body.decode()}
        jobs.enqueue(JobKind.SEND_FORWARD, payload=payload, priority=Priority.BULK)


def forwarded(job: TakenJob) -> Message | None:
    """Not to where it came from."""
    told = job.payload
    account: Account | None = account_lookup.by_id(told["account_id"])
    if account is None or account.is_gone:
        return None
    origin = uris.host_of(told["uri"])
    inboxes = audience.inboxes_of_followers(account.id)
    return Message(
        actor=account,
        document={},
        verbatim=told["body"].encode(),
        inboxes={inbox: host for inbox, host in inboxes.items() if host != origin},
        about="",
        priority=Priority.BULK,
    )
