"""What time makes useless is removed: links, codes and sessions that ran out, addresses of networks, unused apps."""

from typing import Any

from node import clock, store
from node.models import (
    IdempotencyKey,
    KeptDraftMedia,
    MediaAttachment,
    ReceivedActivity,
    ScheduledMedia,
    Session,
    User,
)
from node.models.access import exists
from node.schedule import Periodic
from node.services import completion, outbox
from node.services.access import oauth, one_time_links, sessions
from node.services.community import settings
from node.services.follows import severances, silent
from node.services.moderation import evidence, sign_up_blocks
from node.services.notifications import mail_notices
from node.services.organisations import deeds
from node.services.portability import intakes
from node.services.relationships import mutes
from node.services.servers import domain_blocks, partings, software, traffic
from node.services.statuses import auto_deletion, tombstones
from node.store import in_ids

_AT_ONCE = 1_000  # rows: what is deleted at once never takes long, and the rest goes the next time
_ACTIVITIES_KEPT_MS = 7 * clock.DAY  # the same activity by another way is known
_KEYS_KEPT_MS = clock.DAY
_UPLOADS_KEPT_MS = clock.DAY


def tidy() -> dict[str, int]:
    """Run about once an hour; how much went, by what it was. Doing it twice changes nothing."""
    return {
        "one_time_links": one_time_links.delete_expired(),
        "authorization_codes": oauth.delete_expired(),
        "apps": oauth.delete_unused_apps(),
        "sessions": sessions.delete_expired(),
        "mutes": mutes.delete_expired(),
        "sign_up_blocks": sign_up_blocks.delete_expired(),
        "addresses": _forget_addresses(),
    }


def _forget_addresses() -> int:
    oldest = clock.now_ms() - settings.current().address_days * clock.DAY
    of_sign_ups = User.update(sign_up_ip="").where(User.created_at < oldest, User.sign_up_ip != "").execute()
    of_sessions = Session.update(ip="").where(Session.seen_at < oldest, Session.ip != "").execute()
    return int(of_sign_ups) + int(of_sessions)


def forget_activities() -> int:
    """Those that were acted on; whatever is still to be done keeps its body and stays."""
    old = ReceivedActivity.received_at < clock.now_ms() - _ACTIVITIES_KEPT_MS
    return _delete(ReceivedActivity, old & (ReceivedActivity.body == b""))


def forget_idempotency_keys() -> int:
    return _delete(IdempotencyKey, IdempotencyKey.created_at < clock.now_ms() - _KEYS_KEPT_MS)


def forget_uploads() -> int:
    """Pictures that were uploaded and never posted. Their files go with `linnet media prune`."""
    old = MediaAttachment.created_at < clock.now_ms() - _UPLOADS_KEPT_MS
    waits = exists(ScheduledMedia, ScheduledMedia.media == MediaAttachment.id) | exists(
        KeptDraftMedia, KeptDraftMedia.media == MediaAttachment.id
    )
    return _delete(
        MediaAttachment, MediaAttachment.status.is_null() & (MediaAttachment.remote_url == "") & old & ~(waits)
    )


def _delete(model: Any, condition: Any) -> int:
    ids = [row.id for row in model.select(model.id).where(condition).limit(_AT_ONCE)]
    count: int = model.delete().where(in_ids(model.id, ids)).execute() if ids else 0
    return count


TASKS = (
    Periodic("write letters about notifications", clock.MINUTE, mail_notices.work),
    Periodic("delete old posts of who wants it", clock.MINUTE, auto_deletion.work),
    Periodic("forget statistics of the database", 5 * clock.MINUTE, store.forget_statistics),
    Periodic("lift rules that are over", 5 * clock.MINUTE, domain_blocks.lift_expired),
    Periodic("tidy", clock.HOUR, tidy),
    Periodic("follow for lists", clock.HOUR, silent.settle),
    Periodic("forget activities", clock.HOUR, forget_activities),
    Periodic("forget idempotency keys", clock.HOUR, forget_idempotency_keys),
    Periodic("forget uploads", clock.HOUR, forget_uploads),
    Periodic("forget what waits for hosts long dead", clock.HOUR, outbox.forget_long_dead),
    Periodic("forget how threads were completed", clock.HOUR, completion.delete_old),
    Periodic("forget lists that were brought", clock.HOUR, intakes.delete_old),
    Periodic("forget who did what for organisations long ago", clock.DAY, deeds.forget_old),
    Periodic("forget what went to and fro long ago", clock.DAY, traffic.forget_old),
    Periodic("forget evidence of old decisions", clock.DAY, evidence.forget_old),
    Periodic("forget lists of follows that ended", clock.DAY, severances.forget_old),
    Periodic("forget who parted long ago", clock.DAY, partings.forget_old),
    Periodic("ask servers what they run", clock.HOUR, software.ask),
    Periodic("forget what others deleted long ago", clock.HOUR, tombstones.forget_old),
    Periodic("forget bodies of activities", clock.HOUR, outbox.forget_bodies),
    Periodic("forget keys of deleted accounts", clock.HOUR, outbox.forget_keys),
)
