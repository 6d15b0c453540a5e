"""A post that waited for its time becomes a draft again, as it would stand in the composer (docs/composer.md)."""

from node import clock
from node.services.statuses import kept_drafts, scheduled
from node.services.statuses.drafts import Draft
from node.services.statuses.kept_drafts import Typed


def as_draft(account_id: int, scheduled_id: int) -> str:
    """The name of the draft. NotFound if it waits no more."""
    row = scheduled.get(account_id, scheduled_id)
    media_ids = [one.id for one in scheduled.media_of([row.id])[row.id]]
    draft, key = scheduled.draft_of(row), kept_drafts.new_key()
    typed = _typed(draft) | _following(draft)
    if row.scheduled_at > clock.now_ms() + scheduled.LEAST_MS:
        typed |= {"scheduled_at": clock.iso(row.scheduled_at)[:16], "utc_offset": "0"}
    scheduled.cancel(account_id, row.id)
    kept_drafts.keep(account_id, key, typed, media_ids, limited=False)
    return key


def _typed(draft: Draft) -> Typed:
    """As it would stand in the form."""
    poll = draft.poll
    fields: dict[str, str | int | None] = {
        "text": draft.text,
        "spoiler_text": draft.spoiler_text,
        "sensitive": "on" if draft.sensitive else "",
        "visibility": draft.visibility,
        "language": draft.language,
        "content_type": draft.content_type,
        "in_reply_to_id": draft.in_reply_to_id,
        "quoted_status_id": draft.quoted_status_id,
        "local_only": "on" if draft.local_only else "",
        "quote_policy": draft.policy.quote,
        "reply_policy": draft.policy.reply,
        "poll_expires_in": None if poll is None else poll.expires_in_ms // clock.SECOND,
        "poll_multiple": "on" if poll is not None and poll.multiple else "",
        "poll_hide_totals": "on" if poll is not None and poll.hide_totals else "",
    }
    typed: Typed = {name: str(value) for name, value in fields.items() if value}
    return typed if poll is None else typed | {"poll_option": list(poll.options)}


def _following(draft: Draft) -> Typed:
    """Its posts after the first have a number at the end of their fields (web/pages/writing/written.py)."""
    typed: Typed = {}
    for number, one in enumerate(draft.then, 2):
        typed[f"text_{number}"] = one.text
        if one.media_ids:
            typed[f"media_ids_{number}"] = [str(media_id) for media_id in one.media_ids]
    return typed
