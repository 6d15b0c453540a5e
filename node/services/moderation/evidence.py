"""Posts as they were when somebody reported or judged them: what is deleted or changed afterwards can still be judged."""

from collections.abc import Sequence
from typing import Any

import msgspec

from node import clock
from node.models import AccountWarning, MediaAttachment, Report, Status
from node.store import in_ids
from node.text.plain import plain_text

# Staff looks back at what it decided, for a while.
_KEPT_MS = 90 * clock.DAY
_AT_ONCE = 500
_MAX_CHARS = 5_000  # of one post
_MAX_DESCRIPTIONS = 16


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    status_id: int
    created_at: int
    text: str
    spoiler_text: str = ""
    media: list[str] = []  # descriptions of its pictures, "" for those without; files go with the post
    edited_at: int | None = None


def of(status_ids: Sequence[int]) -> str:
    """For the row of a report or a decision. Two queries; none for none."""
    if not status_ids:
        return "[]"
    pictures: dict[int, list[str]] = {}
    attached = MediaAttachment.select(MediaAttachment.status, MediaAttachment.description).where(
        in_ids(MediaAttachment.status, list(status_ids))
    )
    for row in attached.order_by(MediaAttachment.id):
        pictures.setdefault(row.status_id or 0, []).append(row.description or "")
    rows = Status.select().where(in_ids(Status.id, list(status_ids))).order_by(Status.id)
    return msgspec.json.encode([_seen(row, pictures.get(row.id, [])) for row in rows]).decode()


def read(row: Report | AccountWarning) -> dict[int, Seen]:
    """By the posts' ids."""
    return {one.status_id: one for one in msgspec.json.decode(row.evidence, type=list[Seen])}


def forget_old() -> int:
    """Of what was decided long ago. Run daily; doing it twice changes nothing."""
    before = clock.now_ms() - _KEPT_MS
    return _forget(Report, Report.resolved_at < before) + _forget(AccountWarning, AccountWarning.created_at < before)


def _forget(model: Any, is_old: Any) -> int:
    ids = [row.id for row in model.select(model.id).where(is_old, model.evidence != "[]").limit(_AT_ONCE)]
    count: int = model.update(evidence="[]").where(in_ids(model.id, ids)).execute() if ids else 0
    return count


def _seen(row: Status, media: list[str]) -> Seen:
    return Seen(
        status_id=row.id,
        created_at=row.created_at,
        text=plain_text(row.content)[:_MAX_CHARS],
        spoiler_text=row.spoiler_text[:_MAX_CHARS],
        media=[text[:_MAX_CHARS] for text in media[:_MAX_DESCRIPTIONS]],
        edited_at=row.edited_at,
    )
