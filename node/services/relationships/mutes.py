"""Muting: seeing nothing of somebody, for a while or for good, without their noticing."""

from typing import Any

from node import clock
from node.errors import Forbidden, Invalid, NotFound
from node.models import Mute
from node.paging import Page
from node.services.accounts import lookup
from node.services.follows import rows
from node.store import in_ids

MAX_DURATION_SECONDS = 10 * 365 * 86_400


def mute(account_id: int, target_id: int, *, hide_notifications: bool = True, duration_seconds: int = 0) -> Mute:
    """0 seconds is for good. Again: the new terms hold."""
    target = lookup.by_id(target_id)
    if target is None or target.deleted_at is not None:
        raise NotFound(lookup.NOT_FOUND)
    if account_id == target_id:
        raise Forbidden("Nobody can mute themselves.")
    if not 0 <= duration_seconds <= MAX_DURATION_SECONDS:
        raise Invalid("Validation failed: Duration is out of range", {"duration": "is out of range"})
    now = clock.now_ms()
    terms = {
        "hide_notifications": hide_notifications,
        "expires_at": now + duration_seconds * clock.SECOND if duration_seconds else None,
    }
    mine = (Mute.account == account_id) & (Mute.target == target_id)
    row = {"account": account_id, "target": target_id, "created_at": now}
    if not Mute.insert(**row, **terms).on_conflict_ignore().as_rowcount().execute():
        Mute.update(**terms).where(mine).execute()
    rows.rebuild_feeds([account_id])
    return Mute.get(mine)


def unmute(account_id: int, target_id: int) -> bool:
    """Whether there was a mute."""
    ended = bool(Mute.delete().where(Mute.account == account_id, Mute.target == target_id).execute())
    if ended:
        rows.rebuild_feeds([account_id])
    return ended


def page(account_id: int, page: Page) -> list[tuple[int, int]]:
    """(id of the row, id of the account), the latest first, without those that have run out."""
    query = (
        Mute.select(Mute.id, Mute.target)
        .where(Mute.account == account_id, Mute.expires_at.is_null() | (Mute.expires_at > clock.now_ms()))
        .tuples()
    )
    return page.of(query, Mute.id)


def ends(account_id: int, target_ids: list[int]) -> dict[int, int | None]:
    """When each mute of these runs out; None is never."""
    rows: Any = Mute.select(Mute.target, Mute.expires_at).where(
        Mute.account == account_id, in_ids(Mute.target, target_ids)
    )
    return dict(rows.tuples())


def delete_expired() -> int:
    """Run from time to time: the feeds of those whose mutes ran out show everybody again."""
    over = list(Mute.select().where(Mute.expires_at <= clock.now_ms()))
    Mute.delete().where(Mute.id.in_([row.id for row in over])).execute()
    rows.rebuild_feeds(sorted({row.account for row in over}))
    return len(over)
