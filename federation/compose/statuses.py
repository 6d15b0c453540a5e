"""Statuses: made, edited, counted, pinned, deleted."""

from collections.abc import Callable
from functools import partial
from typing import Any

from federation import audience
from federation.audience import PUBLIC, Addressing
from federation.compose import relays
from federation.compose.message import Last, Message, Newness
from federation.render import activity, note
from federation.render.loading import NoteParts, note_parts
from node import jobs, site
from node.jobs import Priority
from node.models import Account, ApprovalKind, PollVote, RelayKind, Visibility
from node.services.accounts import lookup
from node.services.approvals import policies
from node.services.approvals import rows as approvals
from node.services.servers import partings
from node.services.statuses.audience import is_open, remote_witnesses
from node.services.statuses.loading import by_id, is_unchanged


def created(job: jobs.TakenJob) -> Message | None:
    parts = _parts(job.subject)
    if parts is None:
        return None
    return Message(
        actor=parts.author,
        document=_asking(parts) or activity.create(note.note(parts)),
        inboxes=_readers(parts),
        about=parts.status.uri,
        priority=_urgency(parts),
        for_followers=parts.status.visibility == Visibility.PRIVATE,
        holds=partial(is_unchanged, parts.status),
    )


def _asking(parts: NoteParts) -> dict[str, Any] | None:
    """An answer that waits for a yes asks for it, where it is known how."""
    parent = by_id(parts.status.in_reply_to_id) if parts.held is not None and parts.status.in_reply_to_id else None
    author = lookup.by_id(parent.account_id) if parent is not None else None
    if parent is None or author is None or policies.read(parent.policy).knows_no_requests:
        return None
    approval = approvals.of_status(parts.status.id, ApprovalKind.REPLY)
    if approval is None:
        return None
    uri = site.activity_uri(parts.author.id, "reply_requests", approval.id)
    return activity.reply_request(uri, note.note(parts), author.uri)


def edited(job: jobs.TakenJob) -> Message | None:
    """Also to whoever holds a copy without following, if it is for everybody; else it would widen who reads it."""
    parts = _parts(job.subject)
    if parts is None:
        return None
    inboxes = _readers(parts)
    if is_open(parts.status):
        inboxes |= audience.inboxes_of_readers(parts.author.id, remote_witnesses(parts.status))
        inboxes |= audience.inboxes_elsewhere(partings.inboxes_of_readers(parts.status), inboxes)
    return Message(
        actor=parts.author,
        document=activity.update_note(note.note(parts)),
        inboxes=inboxes,
        about=parts.status.uri,
        is_last_word=Last.UPDATES,
        newness=Newness.EDIT,
        holds=partial(is_unchanged, parts.status),
    )


def counted(job: jobs.TakenJob) -> Message | None:
    """The totals of a poll, for its readers and for whoever voted."""
    parts = _parts(job.subject)
    if parts is None or parts.poll is None:
        return None
    voters = PollVote.select(PollVote.account).where(PollVote.poll == parts.poll.id).distinct()
    ids = [row.account_id for row in voters] if is_open(parts.status) else []
    question = note.note(parts)
    # Mastodon takes an Update for an edit when it says when, and for new totals when it does not.
    question.pop("updated", None)
    return Message(
        actor=parts.author,
        document=activity.update_note(question),
        inboxes=_readers(parts) | audience.inboxes_of_readers(parts.author.id, ids),
        about=parts.status.uri,
        priority=Priority.BULK,
        is_last_word=Last.UPDATES,
        newness=Newness.TOTALS,
        holds=partial(is_unchanged, parts.status),
    )


def deleted(job: jobs.TakenJob) -> Message | None:
    """To followers, and to the others of whom was written down that they may hold a copy."""
    told = job.payload
    author = lookup.by_id(told["account_id"])
    if author is None or author.deleted_at is not None:
        return None
    inboxes = audience.inboxes_of(told["account_ids"])
    if told["visibility"] != Visibility.DIRECT:
        inboxes |= audience.inboxes_of_followers(author.id)
    inboxes |= audience.inboxes_elsewhere(told.get("inboxes", []), inboxes)
    if told["visibility"] == Visibility.PUBLIC:
        inboxes |= relays.inboxes(RelayKind.MASTODON)
    return Message(
        actor=author,
        document=activity.delete_note(author.uri, told["uri"], _of_deletion(author, told)),
        inboxes=inboxes,
        about=told["uri"],
        priority=Priority.BULK,
        is_last_word=Last.ABOUT_THIS,
    )


def _of_deletion(author: Account, told: dict[str, Any]) -> Addressing:
    if told["visibility"] == Visibility.DIRECT:
        return Addressing([person.uri for person in lookup.by_ids(told["account_ids"]).values()], [])
    if told["visibility"] == Visibility.PRIVATE:
        return Addressing([author.followers_uri], [])
    return Addressing([PUBLIC], [])


def pinned(job: jobs.TakenJob) -> Message | None:
    return _pin(activity.add, job)


def unpinned(job: jobs.TakenJob) -> Message | None:
    return _pin(activity.remove, job)


def _pin(make: Callable[[str, str, str, str], dict[str, Any]], job: jobs.TakenJob) -> Message | None:
    told = job.payload
    actor = lookup.by_id(told["account_id"])
    if actor is None or actor.is_gone:
        return None
    return Message(
        actor=actor,
        document=make(actor.uri, told["status_uri"], actor.featured_uri, actor.followers_uri),
        inboxes=audience.inboxes_of_followers(actor.id),
        about=f"pin {told['status_uri']}",
        priority=Priority.BULK,
        is_last_word=Last.ABOUT_THIS,
    )


def _parts(status_id: int) -> NoteParts | None:
    parts = note_parts(status_id)
    return None if parts is None or parts.author.is_gone else parts


def _readers(parts: NoteParts) -> dict[str, str]:
    """Followers unless it is direct, and who is named; of what anybody may read also whom it answers and quotes."""
    status = parts.status
    if parts.held is not None:  # for whom it answers alone, until they agree
        return audience.personal_inboxes_of([account.id for account in parts.addressed])
    named = [account.id for account in (*parts.addressed, *parts.groups)]
    if is_open(status) and status.in_reply_to_account_id is not None:
        named.append(status.in_reply_to_account_id)
    if is_open(status) and parts.quoted is not None:
        quote = approvals.of_status(status.id, ApprovalKind.QUOTE)
        named += [quote.account_id] if quote is not None and quote.account_id is not None else []
    inboxes = audience.inboxes_of_readers(parts.author.id, named)
    if status.visibility != Visibility.DIRECT:
        inboxes |= audience.inboxes_of_followers(parts.author.id)
    if status.visibility == Visibility.PUBLIC:
        inboxes |= relays.inboxes(RelayKind.MASTODON)
    return inboxes


def _urgency(parts: NoteParts) -> int:
    """Somebody waits for an answer; a post to everybody has time."""
    is_personal = parts.in_reply_to is not None or parts.status.visibility == Visibility.DIRECT
    return Priority.URGENT if is_personal else Priority.NORMAL
