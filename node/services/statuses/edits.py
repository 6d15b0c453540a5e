"""A status changes; how it was before is kept. An edit never makes it visible to more people than it names."""

from dataclasses import replace
from typing import Any

import msgspec

from node import clock, jobs, streams
from node.errors import Invalid
from node.jobs import JobKind
from node.media.focus import is_same
from node.models import (
    Account,
    Act,
    ApprovalKind,
    MediaAttachment,
    Mention,
    Notification,
    NotificationKind,
    Status,
    StatusEdit,
    StatusTag,
    Tag,
    Visibility,
)
from node.services.approvals import answers_received, belated, policies, quotes, quotes_received, replies
from node.services.approvals import rows as approvals
from node.services.approvals.policies import Choices
from node.services.community import emoji
from node.services.conversations import rows as conversations
from node.services.discovery import search, tags
from node.services.interactions import polls
from node.services.notifications import telling as notifications
from node.services.organisations import deeds
from node.services.statuses import arrival, audience, media
from node.services.statuses.drafts import Composed, Draft, compose
from node.services.statuses.facts import NoteFacts
from node.services.statuses.loading import account_by_id, by_id, by_uri, own
from node.services.statuses.receiving import card_of, receive, words_of
from node.services.timelines import fanout

FRESH_MS = clock.DAY  # an edit of a status that never came is taken for the status itself, so long


def edit(account_id: int, status_id: int, draft: Draft) -> Status:
    """Change an own status. Visibility and what it answers stay as they are."""
    status = own(account_id, status_id)
    if status.reblog_of is not None:
        raise Invalid("A boost cannot be edited.")
    if approvals.of_status(status.id, ApprovalKind.QUOTE) is not None:
        draft = replace(draft, quoted_status_id=status.id)  # what quotes needs no words
    composed = compose(account_id, draft, status_id=status.id)
    retouched = _retouched(composed, draft)
    repoliced = _with_policy(status, draft.policy)
    if not retouched and _is_unchanged(status, composed):
        return repoliced
    _keep(status)
    media.detach(status.id)
    media.attach(status, composed.media)
    for media_id, change in retouched.items():
        media.retouch(account_id, status.id, media_id, **change)
    polls.replace(status, composed.poll)
    columns = composed.columns(Visibility(status.visibility), local_only=status.local_only)
    edited = _apply(status, account_by_id(account_id), columns, clock.now_ms(), composed.mentions, composed.hashtags)
    if audience.is_kept_elsewhere(edited):
        jobs.enqueue(JobKind.SEND_EDIT, edited.id, once=True)
    deeds.record(account_id, draft.by, Act.EDITED, status_id=edited.id)
    return edited


def change_policy(account_id: int, status_id: int, choices: Choices) -> Status:
    """Who may answer, favourite, boost and quote an own status from now on. What is there stays."""
    status = own(account_id, status_id)
    if status.reblog_of is not None:
        raise Invalid("A boost has no rules of its own.")
    return _with_policy(status, choices)


def _with_policy(status: Status, choices: Choices) -> Status:
    kept = replies.waiting(status)
    visibility = status.visibility if kept is None else (replies.held(kept) or status).visibility
    text = policies.write(policies.chosen(choices, visibility, policies.read(status.policy)))
    if text == status.policy:
        return status
    Status.update(policy=text).where(Status.id == status.id).execute()
    approvals.show_anew(status.id)
    quotes.tell_readers(status.id)
    return own(status.account_id, status.id)


def mark_sensitive(status: Status, *, sensitive: bool) -> bool:
    """By the staff: put pictures behind a warning, or take it away; whether that changes anything.

    Where it is kept elsewhere, it is told as any edit. Of what others wrote elsewhere, only what is shown here changes.
    """
    if bool(status.sensitive) == sensitive:
        return False
    if not status.local:
        Status.update(sensitive=sensitive, version=Status.version + 1).where(Status.id == status.id).execute()
        return True
    named = Mention.select(Mention.account).where(Mention.status == status.id, ~Mention.silent)
    tagged = Tag.select(Tag.name).join(StatusTag, on=(StatusTag.tag == Tag.id)).where(StatusTag.status == status.id)
    mentions, hashtags = [row.account_id for row in named], [tag.name for tag in tagged]
    _keep(status)
    author = account_by_id(status.account_id)
    edited = _apply(status, author, {"sensitive": sensitive}, clock.now_ms(), mentions, hashtags)
    if audience.is_kept_elsewhere(edited):
        jobs.enqueue(JobKind.SEND_EDIT, edited.id, once=True)
    return True


def _is_unchanged(status: Status, composed: Composed) -> bool:
    poll = polls.of_status(status.id)
    before = ([option.title for option in polls.options_of(poll)], poll.multiple) if poll else None
    after = (list(composed.poll.options), composed.poll.multiple) if composed.poll else None
    return (
        status.source == composed.source
        and status.content == composed.content
        and status.spoiler_text == composed.spoiler_text
        and status.sensitive == composed.sensitive
        and status.language == composed.language
        and [row.id for row in media.of_status(status.id)] == [row.id for row in composed.media]
        and before == after
    )


def _retouched(composed: Composed, draft: Draft) -> dict[int, dict[str, Any]]:
    """The alt texts and focal points that differ from before, and new thumbnails, by the pictures' ids."""
    before = {row.id: row for row in composed.media}
    found: dict[int, dict[str, Any]] = {}
    for i, text in draft.descriptions:
        if i in before and before[i].description != text.strip():
            found.setdefault(i, {})["description"] = text
    for i, focus in draft.focuses:
        if i in before and not is_same((before[i].focus_x, before[i].focus_y), focus):
            found.setdefault(i, {})["focus"] = focus
    for i, thumbnail in draft.thumbnails:
        if i in before:
            found.setdefault(i, {})["thumbnail"] = thumbnail
    return found


def receive_edit(author: Account, facts: NoteFacts) -> Status | None:
    """Its author, elsewhere, changed a status. Without `updated_at` only the totals of its poll are news."""
    status = by_uri(facts.uri)
    if status is None:
        fresh = facts.created_at >= clock.now_ms() - FRESH_MS
        return receive(author, facts) if fresh else None
    if status.account_id != author.id or status.local or author.is_gone:
        return None
    newer, older = _stands(facts, status)
    quotes_received.receive_change(status, facts.quote, newer=newer)
    if facts.approved_by:
        answers_received.look_at(status, facts.approved_by)
    if facts.policy != status.policy and not older:
        Status.update(policy=facts.policy, version=Status.version + 1).where(Status.id == status.id).execute()
        belated.changed(status, facts.policy)
    if facts.updated_at is None or not newer:
        if facts.poll is not None and not older:
            polls.update_totals(status, facts.poll)
        return by_id(status.id)
    columns = words_of(facts)
    _keep(status)
    asks_anew = facts.poll is not None and polls.update_totals(status, facts.poll)
    shows_anew = media.replace_received(status, facts.media)
    if not (asks_anew or shows_anew or any(getattr(status, name) != value for name, value in columns.items())):
        StatusEdit.delete().where(StatusEdit.status == status.id, StatusEdit.created_at == _time(status)).execute()
        return by_id(status.id)
    if facts.emoji:
        emoji.receive(author.domain, facts.emoji)
    columns["card"] = card_of(author, facts, status.visibility)
    return _apply(status, author, columns, facts.updated_at, list(facts.mentions), list(facts.hashtags))


def _stands(facts: NoteFacts, status: Status) -> tuple[bool, bool]:
    """Whether what arrives is newer than what is here, and whether it is older; neither, if it does not say when."""
    at, known = facts.updated_at, _time(status)
    return at is not None and at > known, at is not None and at < known


def _apply(
    status: Status, author: Account, columns: dict[str, Any], at: int, mentions: list[int], hashtags: list[str]
) -> Status:
    at = min(at, clock.now_ms())
    Status.update(**columns, edited_at=at, version=Status.version + 1).where(Status.id == status.id).execute()
    edited = by_id(status.id)
    assert edited is not None  # noqa: S101 - it was updated in this very unit
    added = _named_anew(edited, mentions)
    made = tags.replace(edited.id, hashtags)
    search.add(edited)
    for account_id in arrival.local_among(added)[: arrival.MAX_TOLD]:
        notifications.notify(account_id, NotificationKind.MENTION, author.id, status_id=edited.id)
    if added and edited.visibility == Visibility.DIRECT:
        conversations.record(edited, author)
    _tell_boosters(edited)
    quotes.tell_quoters(edited)
    topics = audience.topics(edited, author, made, fanout.holders([edited.id]))
    if topics:
        streams.publish(topics, "status.update", edited.id)
    return edited


def _named_anew(status: Status, mentions: list[int]) -> list[int]:
    """Whoever is named in an answer that waits learns of it when it need not wait any more."""
    kept = replies.waiting(status)
    if kept is None:
        return _rename(status, mentions)
    replies.rename(kept, mentions)
    return []


def _rename(status: Status, mentions: list[int]) -> list[int]:
    """Store who is named now; those named no longer may still read. The new ones."""
    before = {row.account_id: row for row in Mention.select().where(Mention.status == status.id)}
    added = [account_id for account_id in mentions if account_id not in before]
    arrival.mention(status.id, added)
    for account_id, row in before.items():
        silent = account_id not in mentions
        if silent != row.silent:
            Mention.update(silent=silent).where(Mention.id == row.id).execute()
    return added


def _tell_boosters(status: Status) -> None:
    boosters = (
        Status.select(Status.account)
        .join(Account, on=(Account.id == Status.account))
        .where(Status.reblog_of == status.id, Account.domain == "")
    )
    for row in boosters:
        # Each edit is news, though the kind, the sender and the status are those of the one before.
        Notification.delete().where(
            Notification.account == row.account_id,
            Notification.kind == NotificationKind.UPDATE,
            Notification.status == status.id,
        ).execute()
        notifications.notify(row.account_id, NotificationKind.UPDATE, status.account_id, status_id=status.id)


def _time(status: Status) -> int:
    """When the present words of `status` were written."""
    return int(status.edited_at or status.created_at)


def _keep(status: Status) -> None:
    """Write down how `status` is before it changes."""
    poll = polls.of_status(status.id)
    StatusEdit.create(
        status=status.id,
        content=status.content,
        source=status.source,
        spoiler_text=status.spoiler_text,
        sensitive=status.sensitive,
        media=_media_as_text(media.of_status(status.id)),
        poll_options=msgspec.json.encode(
            [option.title for option in polls.options_of(poll)] if poll else []
        ).decode(),
        created_at=_time(status),
    )


def _media_as_text(rows: list[MediaAttachment]) -> str:
    return msgspec.json.encode([{"id": row.id, "description": row.description} for row in rows]).decode()


def count(status_id: int) -> int:
    """How often a status changed, as far as it was here then."""
    return int(StatusEdit.select().where(StatusEdit.status == status_id).count())


def history(status: Status) -> list[StatusEdit]:
    """How `status`, which the reader may read, was before; oldest first, its present words left out."""
    return list(StatusEdit.select().where(StatusEdit.status == status.id).order_by(StatusEdit.id))
