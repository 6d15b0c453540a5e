"""ScheduledStatus."""

from typing import Any

from node import clock
from node.models import MediaAttachment, ScheduledStatus
from node.services.statuses import scheduled
from node.services.statuses.drafts import Draft, PollDraft
from web.entities.approval import word_for_apps
from web.entities.media import media_entity


def scheduled_entities(rows: list[ScheduledStatus]) -> list[dict[str, Any]]:
    """Inside a unit of work: their pictures are asked for."""
    media = scheduled.media_of([row.id for row in rows])
    return [_entity(row, media[row.id]) for row in rows]


def _entity(row: ScheduledStatus, media: list[MediaAttachment]) -> dict[str, Any]:
    draft = scheduled.draft_of(row)
    return {
        "id": str(row.id),
        "scheduled_at": clock.iso(row.scheduled_at),
        "params": {
            "text": draft.text,
            "visibility": str(draft.visibility),
            "spoiler_text": draft.spoiler_text or None,
            "sensitive": draft.sensitive,
            "language": draft.language,
            "in_reply_to_id": draft.in_reply_to_id,
            "media_ids": list(map(str, scheduled.own_media(draft, media))) or None,
            "poll": None if draft.poll is None else _poll(draft.poll),
            "application_id": draft.application_id or 0,
            "idempotency": None,
            "with_rate_limit": False,
            "quoted_status_id": None if draft.quoted_status_id is None else str(draft.quoted_status_id),
            "scheduled_at": None,
            "local_only": draft.local_only,
            "content_type": str(draft.content_type),
            "thread": [_follower(one) for one in draft.then],
        }
        # Where nothing was said there is none: apps read one of three words.
        | ({} if draft.policy.quote is None else {"quote_approval_policy": word_for_apps(draft.policy.quote)}),
        "media_attachments": [media_entity(one) for one in media],
    }


def _follower(draft: Draft) -> dict[str, Any]:
    """What is posted as an answer to the post before it, in the same moment; in a place of our own."""
    return {
        "text": draft.text,
        "spoiler_text": draft.spoiler_text or None,
        "media_ids": list(map(str, draft.media_ids)) or None,
    }


def _poll(poll: PollDraft) -> dict[str, Any]:
    return {
        "options": list(poll.options),
        "expires_in": poll.expires_in_ms // clock.SECOND,
        "multiple": poll.multiple,
        "hide_totals": poll.hide_totals,
    }
