"""Jobs that say something to other nodes: each renders one activity and queues it for its inboxes.

A handler reads, renders, and then in one unit of work queues the deliveries and forgets its job. Done again after a
crash it queues the same activity, under the id of its job, and nothing twice.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import msgspec

from federation import audience, uris
from federation.audience import PUBLIC, Addressing
from federation.render import activity, note
from federation.render.actor_document import actor_document
from federation.render.loading import NoteParts, note_parts
from node import clock, jobs, site, store
from node.config import Config
from node.jobs import JobKind, Priority, TakenJob
from node.models import Account, Block, Favourite, FollowRequest, Poll, PollVote, Report, Status, Visibility
from node.services import account_lookup as lookup
from node.services import accounts, outbox, polls
from node.services import audience as witnesses
from node.services.loading import by_id
from node.services.outbox import Outgoing
from node.store import in_ids

# What is sent on behalf of whom, to which inboxes; None when there is nothing left to say.
Said = tuple[Account, dict[str, Any], dict[str, str], str, int] | None
Compose = Callable[[Config, TakenJob], Said]


async def send(compose: Compose, config: Config, job: TakenJob) -> None:
    """Run one job of this module; see `HANDLERS`."""
    said = await store.read(compose, config, job)
    await store.write(_queue, job, said)


def _queue(job: TakenJob, said: Said) -> None:
    if said is not None:
        actor, document, inboxes, object_uri, priority = said
        body = msgspec.json.encode(document)
        outbox.add(
            Outgoing(id=job.id, actor_id=actor.id, body=body, object_uri=object_uri, priority=priority), inboxes
        )
    jobs.finish(job)


# ── statuses ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _status(config: Config, job: TakenJob) -> Said:
    parts = note_parts(job.subject)
    if parts is None:
        return None
    document = activity.create(note.note(config, parts))
    return parts.author, document, _inboxes(parts), parts.status.uri, _urgency(parts)


def _edit(config: Config, job: TakenJob) -> Said:
    parts = note_parts(job.subject)
    if parts is None:
        return None
    document = activity.update_note(note.note(config, parts))
    inboxes = audience.inboxes_of_status(parts.status, witnesses.remote_witnesses(parts.status))
    return parts.author, document, inboxes, parts.status.uri, Priority.NORMAL


def _poll(config: Config, job: TakenJob) -> Said:
    """New totals go to followers and to whoever voted."""
    parts = note_parts(job.subject)
    if parts is None or parts.poll is None:
        return None
    voters = [row.account_id for row in PollVote.select(PollVote.account).where(PollVote.poll == parts.poll.id)]
    body = note.note(config, parts) | {"updated": clock.iso(clock.now_ms())}
    # Mastodon takes a Question's Update without a changed text for new totals, not for an edit.
    document = activity.update_note({k: v for k, v in body.items() if k != "updated"})
    inboxes = _inboxes(parts) | audience.inboxes_of(voters)
    return parts.author, document, inboxes, parts.status.uri, Priority.BULK


def _delete(config: Config, job: TakenJob) -> Said:
    told = job.payload
    author = lookup.by_id(told["account_id"])
    if author is None:
        return None
    inboxes = audience.inboxes_of(told["account_ids"])
    to = Addressing([PUBLIC], [])
    if told["visibility"] == Visibility.DIRECT:
        people = lookup.by_ids(told["account_ids"]).values()
        to = Addressing([person.uri for person in people], [])
    else:
        inboxes |= audience.inboxes_of_followers(author.id)
        if told["visibility"] == Visibility.PRIVATE:
            to = Addressing([author.followers_uri], [])
    return author, activity.delete_note(author.uri, told["uri"], to), inboxes, told["uri"], Priority.BULK


def _inboxes(parts: NoteParts) -> dict[str, str]:
    """Followers, who is named, and the author of what is answered."""
    status = parts.status
    besides = [account.id for account in parts.addressed]
    if status.in_reply_to_account_id is not None and status.visibility != Visibility.DIRECT:
        besides.append(status.in_reply_to_account_id)
    return audience.inboxes_of_status(status, besides)


def _urgency(parts: NoteParts) -> int:
    """Somebody waits for an answer; a post to everybody has time."""
    personal = parts.in_reply_to is not None or parts.status.visibility == Visibility.DIRECT
    return Priority.URGENT if personal else Priority.NORMAL


# ── boosts and likes ───────────────────────────────────────────────────────────────────────────────────────────────


def _reblog(config: Config, job: TakenJob) -> Said:
    boost = by_id(job.subject)
    original = by_id(boost.reblog_of_id) if boost is not None and boost.reblog_of_id else None
    if boost is None or original is None:
        return None
    return _announced(boost.account_id, boost.uri, original.uri, original.account_id, boost.visibility, boost)


def _unreblog(config: Config, job: TakenJob) -> Said:
    told = job.payload
    said = _announced(
        told["account_id"], told["uri"], told["object_uri"], told["target_id"], told["visibility"], None
    )
    if said is None:
        return None
    actor, document, inboxes, object_uri, priority = said
    return actor, activity.undo(document, Addressing(document["to"], document["cc"])), inboxes, object_uri, priority


def _announced(
    account_id: int, uri: str, object_uri: str, target_id: int, visibility: str, boost: Status | None
) -> Said:
    people = lookup.by_ids([account_id, target_id])
    actor, author = people.get(account_id), people.get(target_id)
    if actor is None or author is None:
        return None
    to = audience.addressing(visibility, actor.followers_uri, [author.uri])
    at = boost.created_at if boost is not None else clock.now_ms()
    document = activity.announce(uri, actor.uri, object_uri, at, to)
    inboxes = audience.inboxes_of_followers(actor.id) | audience.inboxes_of([author.id])
    return actor, document, inboxes, uri, Priority.NORMAL


def _favourite(config: Config, job: TakenJob) -> Said:
    favourite = Favourite.get_or_none(Favourite.id == job.subject)
    status = by_id(favourite.status_id) if favourite is not None else None
    if favourite is None or status is None:
        return None
    return _liked(favourite.account_id, favourite.id, status.uri, status.account_id)


def _unfavourite(config: Config, job: TakenJob) -> Said:
    told = job.payload
    said = _liked(told["account_id"], told["favourite_id"], told["object_uri"], told["target_id"])
    return None if said is None else _undone(said)


def _liked(account_id: int, favourite_id: int, object_uri: str, target_id: int) -> Said:
    people = lookup.by_ids([account_id, target_id])
    actor, author = people.get(account_id), people.get(target_id)
    if actor is None or author is None:
        return None
    uri = site.activity_uri(actor.id, "likes", favourite_id)
    return _personal(actor, author, activity.like(uri, actor.uri, object_uri, author.uri), uri)


# ── follows and blocks ─────────────────────────────────────────────────────────────────────────────────────────────


def _follow(config: Config, job: TakenJob) -> Said:
    request = FollowRequest.get_or_none(FollowRequest.id == job.subject)
    if request is None:
        return None
    return _between(request.account_id, request.target_id, request.uri, activity.follow)


def _unfollow(config: Config, job: TakenJob) -> Said:
    told = job.payload
    said = _between(told["account_id"], told["target_id"], told["uri"], activity.follow)
    return None if said is None else _undone(said)


def _block(config: Config, job: TakenJob) -> Said:
    block = Block.get_or_none(Block.id == job.subject)
    if block is None:
        return None
    uri = site.activity_uri(block.account_id, "blocks", block.id)
    return _between(block.account_id, block.target_id, uri, activity.block)


def _unblock(config: Config, job: TakenJob) -> Said:
    told = job.payload
    uri = site.activity_uri(told["account_id"], "blocks", told["block_id"])
    said = _between(told["account_id"], told["target_id"], uri, activity.block)
    return None if said is None else _undone(said)


def _answer(answer: Callable[..., dict[str, Any]], kind: str, config: Config, job: TakenJob) -> Said:
    told = job.payload
    people = lookup.by_ids([told["account_id"], told["follower_id"]])
    actor, follower = people.get(told["account_id"]), people.get(told["follower_id"])
    if actor is None or follower is None:
        return None
    uri = site.activity_uri(actor.id, kind, job.id)
    return _personal(actor, follower, answer(uri, actor.uri, told["uri"], follower.uri), told["uri"])


def _between(account_id: int, target_id: int, uri: str, make: Callable[[str, str, str], dict[str, Any]]) -> Said:
    people = lookup.by_ids([account_id, target_id])
    actor, target = people.get(account_id), people.get(target_id)
    if actor is None or target is None:
        return None
    return _personal(actor, target, make(uri, actor.uri, target.uri), uri)


def _personal(actor: Account, target: Account, document: dict[str, Any], object_uri: str) -> Said:
    return actor, document, audience.personal_inboxes_of([target.id]), object_uri, Priority.URGENT


def _undone(said: tuple[Account, dict[str, Any], dict[str, str], str, int]) -> Said:
    actor, document, inboxes, object_uri, priority = said
    undo = activity.undo(document, Addressing(document["to"], document["cc"]))
    return actor, undo, inboxes, object_uri, priority


# ── the rest ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _pin(make: Callable[..., dict[str, Any]], config: Config, job: TakenJob) -> Said:
    told = job.payload
    actor = lookup.by_id(told["account_id"])
    if actor is None:
        return None
    document = make(actor.uri, told["status_uri"], actor.featured_uri, actor.followers_uri)
    return actor, document, audience.inboxes_of_followers(actor.id), told["status_uri"], Priority.BULK


def _vote(config: Config, job: TakenJob) -> Said:
    """One choice; a vote for several is as many jobs."""
    told = job.payload
    actor = lookup.by_id(told["account_id"])
    poll = Poll.get_or_none(Poll.id == told["poll_id"])
    status = by_id(poll.status_id) if poll is not None else None
    owner = lookup.by_id(status.account_id) if status is not None else None
    if actor is None or poll is None or status is None or owner is None:
        return None
    title = polls.options_of(poll)[told["choices"][0]].title
    uri = site.activity_uri(actor.id, "votes", job.id)
    return _personal(actor, owner, activity.vote(uri, actor.uri, status.uri, owner.uri, title), uri)


async def _votes(config: Config, job: TakenJob) -> None:
    choices = job.payload["choices"]
    if len(choices) == 1:
        await send(_vote, config, job)
        return

    def split() -> None:
        for choice in choices:
            jobs.enqueue(JobKind.SEND_VOTE, payload=job.payload | {"choices": [choice]}, priority=Priority.URGENT)
        jobs.finish(job)

    await store.write(split)


def _profile(config: Config, job: TakenJob) -> Said:
    account = lookup.by_id(job.subject)
    document = actor_document(config, account) if account is not None else None
    if account is None or document is None:
        return None
    update = activity.update_actor(document, account.followers_uri)
    return account, update, audience.inboxes_of_followers(account.id), account.uri, Priority.BULK


def _account_delete(config: Config, job: TakenJob) -> Said:
    """To every server that was ever told of it."""
    account = lookup.by_id(job.subject)
    if account is None:
        return None
    everybody = Account.select(Account.inbox, Account.shared_inbox).where(
        Account.domain != "", Account.suspended_at.is_null(), Account.shared_inbox != ""
    )
    shared = {row.shared_inbox: uris.host_of(row.shared_inbox) or "" for row in everybody.distinct()}
    return account, activity.delete_actor(account.uri), shared, account.uri, Priority.BULK


def _flag(config: Config, job: TakenJob) -> Said:
    """A report goes out in the name of the node, so that the reported do not learn who it was."""
    report = Report.get_or_none(Report.id == job.subject)
    target = lookup.by_id(report.target_id) if report is not None else None
    if report is None or target is None:
        return None
    status_ids = [int(one) for one in msgspec.json.decode(report.status_ids)]
    statuses = Status.select(Status.uri).where(in_ids(Status.id, status_ids), Status.account == target.id)
    actor = accounts.instance_actor()
    uri = f"{actor.uri}#flags/{report.id}"
    objects = [target.uri, *(status.uri for status in statuses)]
    return _personal(actor, target, activity.flag(uri, actor.uri, objects, report.comment, target.uri), uri)


_COMPOSE: dict[JobKind, Compose] = {
    JobKind.SEND_STATUS: _status,
    JobKind.SEND_EDIT: _edit,
    JobKind.SEND_POLL: _poll,
    JobKind.SEND_DELETE: _delete,
    JobKind.SEND_REBLOG: _reblog,
    JobKind.SEND_UNREBLOG: _unreblog,
    JobKind.SEND_FAVOURITE: _favourite,
    JobKind.SEND_UNFAVOURITE: _unfavourite,
    JobKind.SEND_FOLLOW: _follow,
    JobKind.SEND_UNFOLLOW: _unfollow,
    JobKind.SEND_ACCEPT: partial(_answer, activity.accept, "accepts"),
    JobKind.SEND_REJECT: partial(_answer, activity.reject, "rejects"),
    JobKind.SEND_BLOCK: _block,
    JobKind.SEND_UNBLOCK: _unblock,
    JobKind.SEND_PIN: partial(_pin, activity.add),
    JobKind.SEND_UNPIN: partial(_pin, activity.remove),
    JobKind.SEND_PROFILE: _profile,
    JobKind.SEND_ACCOUNT_DELETE: _account_delete,
    JobKind.SEND_FLAG: _flag,
}

Handler = Callable[[Config, TakenJob], Awaitable[None]]

HANDLERS: dict[JobKind, Handler] = {kind: partial(send, compose) for kind, compose in _COMPOSE.items()} | {
    JobKind.SEND_VOTE: _votes
}
