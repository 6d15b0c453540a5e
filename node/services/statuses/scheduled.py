"""Posts that wait for their time (docs/adr/0018-scheduled-posts.md)."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import msgspec

from node import clock, jobs
from node.errors import Invalid, NotFound
from node.jobs import JobKind, TakenJob
from node.models import Application, MediaAttachment, ScheduledMedia, ScheduledStatus, Status
from node.paging import Page
from node.services.statuses import chains, posting
from node.services.statuses.drafts import Draft, compose
from node.services.statuses.loading import get_original
from node.speech import said
from node.store import in_ids

MAX_SCHEDULED = 300
# Less is not worth a row, and leaves no time to think better of it.
LEAST_MS = 5 * clock.MINUTE
# For who wants a moment to think better of what they just posted.
HELD_MS = 10 * clock.SECOND
TOO_MANY = "You have %(most)s scheduled posts, which is as many as there can be."
TOO_SOON = "A post is scheduled for at least five minutes from now."


def schedule(account_id: int, draft: Draft, scheduled_at: int) -> ScheduledStatus:
    """Keep `draft` until its time. Invalid for what could not be posted now either."""
    key = _key(draft)
    if key is not None:
        before = ScheduledStatus.get_or_none(ScheduledStatus.idempotency == key)
        if before is not None:
            return before
    _check_time(scheduled_at)
    return _keep(account_id, draft, scheduled_at, key)


def hold(account_id: int, draft: Draft) -> ScheduledStatus:
    """Post it in a few seconds, unless it is taken back."""
    return _keep(account_id, draft, clock.now_ms() + HELD_MS)


def release(account_id: int, scheduled_id: int) -> None:
    """Post it now."""
    row, now = get(account_id, scheduled_id), clock.now_ms()
    ScheduledStatus.update(scheduled_at=now, problem="").where(ScheduledStatus.id == row.id).execute()
    _enqueue(row.id, now)


def _keep(account_id: int, draft: Draft, scheduled_at: int, key: str | None = None) -> ScheduledStatus:
    if ScheduledStatus.select().where(ScheduledStatus.account == account_id).count() >= MAX_SCHEDULED:
        raise Invalid(said(TOO_MANY, most=MAX_SCHEDULED))
    if draft.in_reply_to_id is not None:
        get_original(account_id, draft.in_reply_to_id)
    chains.check(draft)
    media = []
    for number, one in enumerate(draft.posts, 1):
        with chains.naming(draft, number):
            media += compose(account_id, one).media
    row = ScheduledStatus.create(
        account=account_id,
        draft=msgspec.json.encode(replace(draft, media_ids=(), idempotency=None)).decode(),
        idempotency=key,
        scheduled_at=scheduled_at,
        created_at=clock.now_ms(),
    )
    for position, attached in enumerate(media):
        ScheduledMedia.create(media=attached.id, scheduled=row.id, position=position)
    _enqueue(row.id, scheduled_at)
    return row


def reschedule(account_id: int, scheduled_id: int, scheduled_at: int) -> ScheduledStatus:
    """Another time. The job of the earlier one finds it changed."""
    row = get(account_id, scheduled_id)
    _check_time(scheduled_at)
    mine = ScheduledStatus.id == row.id
    ScheduledStatus.update(scheduled_at=scheduled_at, problem="").where(mine).execute()
    _enqueue(row.id, scheduled_at)
    return get(account_id, scheduled_id)


def cancel(account_id: int, scheduled_id: int) -> None:
    """Its pictures are uploads again, which may be posted or are forgotten."""
    row = get(account_id, scheduled_id)
    if not ScheduledStatus.delete().where(ScheduledStatus.id == row.id).execute():
        raise NotFound("Record not found")  # it is being posted


def get(account_id: int, scheduled_id: int) -> ScheduledStatus:
    """NotFound for those of others."""
    row = ScheduledStatus.get_or_none(ScheduledStatus.id == scheduled_id, ScheduledStatus.account == account_id)
    if row is None:
        raise NotFound("Record not found")
    return row


def page(account_id: int, page: Page) -> list[ScheduledStatus]:
    """The last made first."""
    query = ScheduledStatus.select().where(ScheduledStatus.account == account_id)
    return page.of(query, ScheduledStatus.id)


def draft_of(row: ScheduledStatus) -> Draft:
    """Without its media, but for those of the posts that follow it."""
    return msgspec.json.decode(row.draft, type=Draft)


def media_of(scheduled_ids: list[int]) -> dict[int, list[MediaAttachment]]:
    """Of each its pictures, in order."""
    found: dict[int, list[MediaAttachment]] = {scheduled_id: [] for scheduled_id in scheduled_ids}
    if not scheduled_ids:
        return found
    query: Any = (
        MediaAttachment.select(MediaAttachment, ScheduledMedia.scheduled.alias("waits_for"))
        .join(ScheduledMedia, on=(ScheduledMedia.media == MediaAttachment.id))
        .where(in_ids(ScheduledMedia.scheduled, scheduled_ids))
        .order_by(ScheduledMedia.position)
        .objects()
    )
    for media in query:
        found[media.waits_for].append(media)
    return found


def own_media(draft: Draft, media: Iterable[MediaAttachment]) -> tuple[int, ...]:
    """Of the pictures of a thread those of its first post."""
    others = {media_id for one in draft.then for media_id in one.media_ids}
    return tuple(one.id for one in media if one.id not in others)


def due_text(scheduled_id: int) -> str | None:
    """The words of what is due now, for those whom they name to be looked up; None when nothing is."""
    row = ScheduledStatus.get_or_none(ScheduledStatus.id == scheduled_id)
    return None if row is None or not _is_due(row) else draft_of(row).words


def publish(job: TakenJob) -> Status | None:
    """Post what is due, and forget that it waited, together with the job. Raises what `refuse` is to be told."""
    row = ScheduledStatus.get_or_none(ScheduledStatus.id == job.subject)
    status = None if row is None or not _is_due(row) else _post(row)
    jobs.finish(job)
    return status


def refuse(job: TakenJob, problem: str) -> None:
    """It cannot be posted any more: its author finds it with the reason."""
    ScheduledStatus.update(problem=problem).where(ScheduledStatus.id == job.subject).execute()
    jobs.finish(job)


def _post(row: ScheduledStatus) -> Status | None:
    """None when somebody else was first: another worker, or its author who took it back."""
    draft = draft_of(row)
    media_ids = own_media(draft, media_of([row.id])[row.id])
    application_id = draft.application_id
    if application_id is not None and Application.get_or_none(Application.id == application_id) is None:
        application_id = None
    # From here on they are uploads like any other.
    if not ScheduledStatus.delete().where(ScheduledStatus.id == row.id).execute():
        return None
    return posting.post(row.account_id, replace(draft, media_ids=media_ids, application_id=application_id))


def _is_due(row: ScheduledStatus) -> bool:
    return row.scheduled_at <= clock.now_ms() and row.problem == ""


def _enqueue(scheduled_id: int, at: int) -> None:
    jobs.enqueue(JobKind.POST_SCHEDULED, scheduled_id, due_at=at)


def _check_time(scheduled_at: int) -> None:
    if scheduled_at < clock.now_ms() + LEAST_MS:
        raise Invalid(TOO_SOON, {"scheduled_at": "is not far enough ahead"})


def _key(draft: Draft) -> str | None:
    if draft.idempotency is None:
        return None
    token, key = draft.idempotency
    if len(key) > posting.MAX_KEY_CHARACTERS:
        raise Invalid(said("An Idempotency-Key has at most %(most)s characters.", most=posting.MAX_KEY_CHARACTERS))
    return f"{token}:{key}"
