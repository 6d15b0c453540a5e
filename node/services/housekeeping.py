"""What grows and must not: rows whose time is over. Each function deletes a bounded number, so that it never takes long."""

from typing import Any

from node import clock
from node.models import IdempotencyKey, MediaAttachment, ReceivedActivity, Session, User
from node.schedule import Periodic
from node.services import mutes, oauth, one_time_links, sessions, settings
from node.store import in_ids

_AT_ONCE = 1_000
_ACTIVITIES_KEPT_MS = 7 * clock.DAY  # PROTOCOL.md 1.4: the same activity by another way is known
_KEYS_KEPT_MS = clock.DAY


def _delete(model: Any, condition: Any) -> int:
    ids = [row.id for row in model.select(model.id).where(condition).limit(_AT_ONCE)]
    count: int = model.delete().where(in_ids(model.id, ids)).execute() if ids else 0
    return count


def forget_activities() -> int:
    """Those that were acted on; whatever is still to be done keeps its body and stays."""
    old = ReceivedActivity.received_at < clock.now_ms() - _ACTIVITIES_KEPT_MS
    return _delete(ReceivedActivity, old & (ReceivedActivity.body == b""))


def forget_idempotency_keys() -> int:
    return _delete(IdempotencyKey, IdempotencyKey.created_at < clock.now_ms() - _KEYS_KEPT_MS)


def forget_addresses() -> int:
    """Network addresses are kept for as long as the community decided."""
    before = clock.now_ms() - settings.current().address_days * clock.DAY
    sessions = Session.update(ip="").where((Session.seen_at < before) & (Session.ip != "")).execute()
    users = User.update(sign_up_ip="").where((User.created_at < before) & (User.sign_up_ip != "")).execute()
    return int(sessions) + int(users)


def forget_uploads() -> int:
    """Pictures that were uploaded and never posted. Their files go with `linnet media prune`."""
    before = clock.now_ms() - clock.DAY
    return _delete(
        MediaAttachment,
        MediaAttachment.status.is_null() & (MediaAttachment.created_at < before) & (MediaAttachment.remote_url == ""),
    )


TASKS = (
    Periodic("forget activities", clock.HOUR, forget_activities),
    Periodic("forget idempotency keys", clock.HOUR, forget_idempotency_keys),
    Periodic("forget one-time links", clock.HOUR, one_time_links.delete_expired),
    Periodic("forget codes", clock.HOUR, oauth.delete_expired),
    Periodic("end sessions", clock.HOUR, sessions.delete_expired),
    Periodic("end mutes", 5 * clock.MINUTE, mutes.delete_expired),
    Periodic("forget addresses", clock.DAY, forget_addresses),
    Periodic("forget uploads", clock.HOUR, forget_uploads),
)
