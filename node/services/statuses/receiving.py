"""A remote account's status arrives: once, if it concerns somebody here, and never after it was deleted."""

from typing import Any

import msgspec
import structlog

from node import clock, jobs
from node.jobs import JobKind, Priority
from node.models import Account, ApprovalKind, Follow, Status, Tag, Tombstone, Visibility
from node.models.rows import columns, row_of
from node.services.approvals import answers, answers_received, belated, quotes_received, replies
from node.services.approvals.answers_received import needs_stamp
from node.services.approvals.policies import Answer
from node.services.collections import linked
from node.services.community import emoji
from node.services.discovery import tags
from node.services.interactions import polls
from node.services.statuses import ancestry, arrival, cards, dated, media
from node.services.statuses.arrival import Arrival
from node.services.statuses.facts import NoteFacts
from node.store import Prepared, param

log = structlog.get_logger()


def _known() -> Any:
    """One row: what must be known before anything is stored."""
    follower = Account.alias()
    followed = (
        Follow.select(Follow.id)
        .join(follower, on=(follower.id == Follow.account))
        .where(Follow.target == param("author"), follower.domain == "")
        .limit(1)
    )
    known = Status.select(Status.id).where(Status.uri == param("uri"))
    tombstone = Tombstone.select(Tombstone.id).where(
        Tombstone.uri == param("uri"), Tombstone.account_uri == param("author_uri")
    )
    return Account.select(known, tombstone, followed).where(Account.id == param("author"))


_KNOWN = Prepared(_known, lambda known, tombstone, followed: (known, tombstone is not None, followed is not None))
_BY_URI = Prepared(lambda: Status.select(*columns(Status)).where(Status.uri == param("uri")), row_of(Status))


def receive(author: Account, facts: NoteFacts, *, asked: bool = False, quiet: bool = False) -> Status | None:
    """Store a remote status, or None if it is not to be: deleted before, another's, or nobody's concern here.

    `asked`: somebody here wants to see it, so that it need concern nobody. `quiet`: it is old, and nobody is told.
    What is known is answered as it is.
    """
    if author.is_gone or author.is_local:
        return None
    known = _KNOWN.first(author=author.id, author_uri=author.uri, uri=facts.uri)
    if known is None:
        return None
    known_id, is_deleted, is_followed = known
    if is_deleted:
        return None
    if known_id is not None:
        status = _BY_URI.first(uri=facts.uri)
        return status if status is not None and status.account_id == author.id else None
    parent = _BY_URI.first(uri=facts.in_reply_to_uri) if facts.in_reply_to_uri else None
    told = arrival.local_among(facts.mentions)
    addressed = told or arrival.local_among(facts.silent_mentions)
    if not (asked or is_followed or addressed or (parent is not None and parent.local)):
        return None
    if parent is not None and parent.local and parent.policy:
        answer = replies.judged(parent, author.id, facts.visibility)
        if answer is Answer.DENIED:
            _refuse(author, facts, parent)
            return None
        if replies.waits(answer):
            return _hold(author, facts, parent)
    # Whoever is named here may read it, whatever others think of it.
    elif parent is not None and parent.policy and not told and needs_stamp(parent, author.id, facts.visibility):
        return _hold(author, facts, parent, quiet=quiet)
    return _store(author, facts, parent, told, quiet)


def _store(author: Account, facts: NoteFacts, parent: Status | None, told: list[int], quiet: bool) -> Status:
    values = _columns(author, facts, parent)
    status = dated.insert(facts.created_at, lambda _: values)
    arrival.mention(status.id, facts.mentions)
    arrival.mention(status.id, facts.silent_mentions, silent=True)
    made = _attach(status, author, facts)
    arrival.settle(Arrival(status=status, author=author, tags=made, told=told, quiet=quiet))
    if facts.policy:
        belated.arrived(status)
    if facts.quote is not None:
        quotes_received.receive(status, facts.quote)
    if parent is not None and parent.local and parent.policy:
        replies.note(status, parent)
    if facts.in_reply_to_uri and parent is None and not quiet:
        jobs.enqueue(JobKind.FETCH_PARENT, status.id, priority=Priority.BULK, once=True)
    return status


def _hold(author: Account, facts: NoteFacts, parent: Status, *, quiet: bool = False) -> Status:
    """Whom it answers wants to be asked: until then it is between the two."""
    values = _columns(author, facts, parent) | {"visibility": str(Visibility.DIRECT)}
    status = dated.insert(facts.created_at, lambda _: values)
    _attach(status, author, facts)
    if facts.quote is not None:
        quotes_received.receive(status, facts.quote)
    replies.hold(status, parent, facts.visibility, list(facts.mentions), quiet=quiet)
    answers_received.look_at(status, "" if parent.local else facts.approved_by)
    return status


def _refuse(author: Account, facts: NoteFacts, parent: Status) -> None:
    log.info("reply refused", reason="policy", author=author.uri)
    answers.refuse(parent, author.id, ApprovalKind.REPLY, facts.uri)


def _attach(status: Status, author: Account, facts: NoteFacts) -> list[Tag]:
    """What hangs on a status, whoever sees it."""
    made = tags.attach(status.id, facts.hashtags) if facts.hashtags else []
    media.receive(status, facts.media)
    if facts.emoji:
        emoji.receive(author.domain, facts.emoji)
    if facts.poll is not None:
        polls.receive(status, facts.poll)
    if facts.collections:
        linked.look_for(facts.collections)
    return made


def _columns(author: Account, facts: NoteFacts, parent: Status | None) -> dict[str, Any]:
    now = clock.now_ms()
    return {
        "uri": facts.uri,
        "url": facts.url or facts.uri,
        "account": author.id,
        "local": False,
        "visibility": str(facts.visibility),
        "in_reply_to": parent.id if parent else None,
        "in_reply_to_account": parent.account_id if parent else None,
        "in_reply_to_uri": facts.in_reply_to_uri,
        "card": card_of(author, facts, facts.visibility),
        "thread": ancestry.thread_of(
            facts.conversation_uri or f"{facts.uri}{ancestry.UNNAMED}", parent, facts.context_uri
        ),
        "replies_uri": facts.replies_uri,
        "replies_announced": facts.replies_announced,
        "created_at": min(facts.created_at, now),
        "edited_at": facts.updated_at,
        "policy": facts.policy,
        "fetched_at": now,
        **words_of(facts),
    }


def card_of(author: Account, facts: NoteFacts, visibility: str) -> int | None:
    """The preview that it shows: the one that came with it, or that of the first page that it links to."""
    if facts.card is not None and not facts.media:
        return cards.sent_along(author.id, facts.card)
    return cards.of_words(facts.content, visibility, has_media=bool(facts.media), about=facts.page_url)


def words_of(facts: NoteFacts) -> dict[str, Any]:
    """The columns that an edit may change."""
    return {
        "content": facts.content,
        "spoiler_text": facts.spoiler_text,
        "sensitive": facts.sensitive or bool(facts.spoiler_text),
        "language": facts.language,
        "emoji": msgspec.json.encode(sorted({e.shortcode for e in facts.emoji})).decode(),
        "kind": facts.kind,
    }
