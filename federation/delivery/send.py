"""Jobs that say something to other nodes: each composes one activity and queues it for its inboxes.

A handler reads, renders, and then queues the deliveries, in units of work of bounded size; the last of them forgets
the job. Done again after a crash it goes on where it was: the activity has the id of its job.
"""

from collections.abc import Awaitable, Callable, Mapping
from enum import Enum, auto
from functools import partial

import msgspec

from federation import uris
from federation.audience import PUBLIC
from federation.compose import accounts, approvals, collections, emoji, reactions, relations, relays, statuses
from federation.compose.message import Compose, Last, Message
from federation.delivery import forwarding
from federation.proofs import with_proof
from node import clock, jobs, store
from node.jobs import JobKind, Priority, TakenJob
from node.keys import load_private
from node.services import outbox
from node.services.accounts import signing_key
from node.services.outbox import Outgoing

Handler = Callable[[TakenJob], Awaitable[None]]

_WAIT_MS = clock.SECOND
_PROVED = frozenset({"Create", "Update", "Delete", "Announce"})


class _Step(Enum):
    DONE = auto()
    MORE = auto()  # a part is queued
    CHANGED = auto()  # what was composed does not hold any more
    WAITS = auto()  # for what was said before


async def _send(compose: Compose, job: TakenJob) -> None:
    while True:
        said = await store.read(_said, compose, job)
        if said is None:
            await store.write(jobs.finish, job)
            return
        message, body = said
        step = _Step.MORE
        while step is _Step.MORE:
            step = await store.write(_queue, job, message, body)
        if step is not _Step.CHANGED:
            return


def _said(compose: Compose, job: TakenJob) -> tuple[Message, bytes] | None:
    """What is sent, once for all who get it: what anybody may pass on with a proof of whose word it is (ADR 22)."""
    message = compose(job)
    if message is None:
        return None
    if message.verbatim:
        return message, message.verbatim
    document = message.document
    if document["type"] in _PROVED and PUBLIC in (*document["to"], *document["cc"]):
        key = signing_key(message.actor.id)
        if key is not None:
            document = with_proof(document, uris.proof_key_id(message.actor.uri), load_private(key.ed25519_pem))
    return message, msgspec.json.encode(document)


async def _send_newest(compose: Compose, job: TakenJob) -> None:
    """Jobs of which one is enough: what changes from here on is for the next one, this one may have read before."""
    await store.write(jobs.allow_another, job)
    await _send(compose, job)


def _queue(job: TakenJob, message: Message, body: bytes) -> _Step:
    """A part of it; with the last one the job is done. In an order that holds however jobs overtake each other (ADR 23):
    what is gone or was changed meanwhile is not told, and what was said before about the same is queued before."""
    if not message.holds():
        return _Step.CHANGED
    outgoing = Outgoing(
        id=job.id,
        actor_id=message.actor.id,
        body=body,
        about=message.about,
        priority=message.priority,
        newness=message.newness,
        for_followers=message.for_followers,
    )
    # A last word waits for nobody: what it is about is gone, so that nothing else is queued any more.
    if message.is_last_word in (Last.NOTHING, Last.UPDATES) and outbox.must_wait(outgoing):
        jobs.put_off(job, _WAIT_MS)
        return _Step.WAITS
    is_all = outbox.add(outgoing, message.inboxes)
    if message.is_last_word is Last.UPDATES:
        outbox.supersede_updates(outgoing)
    elif message.is_last_word is Last.ABOUT_THIS:
        outbox.supersede(outgoing)
    elif message.is_last_word is Last.EVERYTHING:
        outbox.supersede_all(outgoing)
    if is_all:
        jobs.finish(job)
    return _Step.DONE if is_all else _Step.MORE


async def _votes(job: TakenJob) -> None:
    """One activity for each choice."""
    choices = job.payload["choices"]
    if len(choices) == 1:
        await _send(reactions.voted, job)
    else:
        await store.write(_split, job, choices)


def _split(job: TakenJob, choices: list[int]) -> None:
    for choice in choices:
        jobs.enqueue(JobKind.SEND_VOTE, payload=job.payload | {"choices": [choice]}, priority=Priority.URGENT)
    jobs.finish(job)


_COMPOSE: Mapping[JobKind, Compose] = {
    JobKind.SEND_STATUS: statuses.created,
    JobKind.SEND_DELETE: statuses.deleted,
    JobKind.SEND_PIN: statuses.pinned,
    JobKind.SEND_UNPIN: statuses.unpinned,
    JobKind.SEND_TAG: accounts.tagged,
    JobKind.SEND_REBLOG: reactions.boosted,
    JobKind.SEND_UNREBLOG: reactions.unboosted,
    JobKind.SEND_FAVOURITE: reactions.liked,
    JobKind.SEND_UNFAVOURITE: reactions.unliked,
    JobKind.SEND_REACTION: emoji.reacted,
    JobKind.SEND_UNREACTION: emoji.unreacted,
    JobKind.SEND_FOLLOW: relations.followed,
    JobKind.SEND_UNFOLLOW: relations.unfollowed,
    JobKind.SEND_ACCEPT: relations.accepted,
    JobKind.SEND_REJECT: relations.rejected,
    JobKind.SEND_BLOCK: relations.blocked,
    JobKind.SEND_UNBLOCK: relations.unblocked,
    JobKind.SEND_MOVE: accounts.moved,
    JobKind.SEND_ACCOUNT_DELETE: accounts.deleted,
    JobKind.SEND_FLAG: accounts.reported,
    JobKind.SEND_FORWARD: forwarding.forwarded,
    JobKind.SEND_RELAY_FOLLOW: relays.followed,
    JobKind.SEND_RELAY_UNFOLLOW: relays.unfollowed,
    JobKind.SEND_RELAY_ACCEPT: relays.accepted,
    JobKind.SEND_RELAY_ANNOUNCE: relays.announced,
    JobKind.SEND_QUOTE_REQUEST: approvals.quote_requested,
    JobKind.SEND_APPROVAL: approvals.answered,
    JobKind.SEND_REVOCATION: approvals.taken_back,
    JobKind.SEND_UNCOLLECTION: collections.deleted,
    JobKind.SEND_ITEM: collections.added,
    JobKind.SEND_UNITEM: collections.removed,
    JobKind.SEND_FEATURE_REQUEST: collections.requested,
    JobKind.SEND_FEATURE_ANSWER: collections.answered,
}
_COMPOSE_NEWEST: Mapping[JobKind, Compose] = {
    JobKind.SEND_EDIT: statuses.edited,
    JobKind.SEND_POLL: statuses.counted,
    JobKind.SEND_PROFILE: accounts.changed,
    JobKind.SEND_COLLECTION: collections.told,
}

HANDLERS: Mapping[JobKind, Handler] = {
    **{kind: partial(_send, compose) for kind, compose in _COMPOSE.items()},
    **{kind: partial(_send_newest, compose) for kind, compose in _COMPOSE_NEWEST.items()},
    JobKind.SEND_VOTE: _votes,
}
