"""Planned maintenance: told beforehand, begun and ended by the clock. From memory, because every request asks."""

from dataclasses import dataclass

from node import clock, streams
from node.errors import Invalid, NotFound
from node.models import Account, Maintenance, Role
from node.services.caching.cache import Kept
from node.services.moderation import audit, roles
from node.speech import said

CHANGED = "maintenance_changed"
TOLD_AHEAD_MS = 3 * clock.DAY
LONGEST_MS = 7 * clock.DAY
MAX_CHARS = 500
_MAX_TO_COME = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    starts_at: int
    ends_at: int
    text: str = ""
    read_only: bool = False
    holds_deliveries: bool = False


# ── what holds ──


def to_come() -> tuple[Maintenance, ...]:
    """Those that are not over, the next first."""
    known = kept.get()
    if not known:
        return ()
    now = clock.now_ms()
    return tuple(one for one in known if one.ends_at > now)


def told() -> Maintenance | None:
    """What every page says: the one that lasts, or begins soon."""
    coming = to_come()
    if not coming:
        return None
    soon = clock.now_ms() + TOLD_AHEAD_MS
    return next((one for one in coming if one.starts_at <= soon), None)


def read_only_until() -> int | None:
    """When people may write again; None while they may."""
    return max((one.ends_at for one in _lasting() if one.read_only), default=None)


def held_until() -> int | None:
    """When deliveries go on; None while they do."""
    return max((one.ends_at for one in _lasting() if one.holds_deliveries), default=None)


def is_on(row: Maintenance) -> bool:
    return row.starts_at <= clock.now_ms() < row.ends_at


def _lasting() -> list[Maintenance]:
    return [one for one in kept.get() if is_on(one)]


# ── for the staff ──


def latest() -> list[Maintenance]:
    """Those that are over, too; the last first."""
    return list(Maintenance.select().order_by(Maintenance.starts_at.desc()).limit(50))


def get(row_id: int) -> Maintenance:
    row = Maintenance.get_or_none(Maintenance.id == row_id)
    if row is None:
        raise NotFound("Record not found")
    return row


def plan(window: Window, by: Account | None) -> Maintenance:
    roles.require(by, Role.ADMIN)
    now = clock.now_ms()
    _check(window, now)
    if Maintenance.select().where(Maintenance.ends_at > now).count() >= _MAX_TO_COME:
        raise Invalid(said("%(most)s of them are planned already. Call one off first.", most=_MAX_TO_COME))
    row = Maintenance.create(
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        text=window.text.strip(),
        read_only=window.read_only,
        holds_deliveries=window.holds_deliveries,
        created_at=now,
    )
    audit.record(by, "plan.maintenance", _when(row))
    _changed()
    return row


def end(row_id: int, by: Account | None) -> None:
    """End now what lasts; call off what is to come. What is over stays as it was."""
    roles.require(by, Role.ADMIN)
    row, now = get(row_id), clock.now_ms()
    if row.ends_at <= now:
        return
    if row.starts_at <= now:
        Maintenance.update(ends_at=now).where(Maintenance.id == row.id).execute()
        audit.record(by, "end.maintenance", _when(row))
    else:
        Maintenance.delete().where(Maintenance.id == row.id).execute()
        audit.record(by, "remove.maintenance", _when(row))
    _changed()


def _check(window: Window, now: int) -> None:
    if window.ends_at <= now:
        raise Invalid("It would be over already.", {"ends_at": "It would be over already."})
    if window.ends_at <= window.starts_at:
        raise Invalid("It ends before it begins.", {"ends_at": "It ends before it begins."})
    if window.ends_at - max(window.starts_at, now) > LONGEST_MS:
        sentence = said("It can last %(days)s days at most.", days=LONGEST_MS // clock.DAY)
        raise Invalid(sentence, {"ends_at": sentence})
    if len(window.text) > MAX_CHARS:
        sentence = said("The text can have %(most)s characters at most.", most=MAX_CHARS)
        raise Invalid(sentence, {"text": sentence})


def _when(row: Maintenance) -> str:
    """As the record names it: it has no other name."""
    return clock.iso_seconds(row.starts_at)[:16].replace("T", " ")


def _changed() -> None:
    kept.forget_with_unit()
    streams.publish(("control",), CHANGED)


def _load() -> tuple[Maintenance, ...]:
    rows = Maintenance.select().where(Maintenance.ends_at > clock.now_ms()).order_by(Maintenance.starts_at)
    return tuple(rows)


kept = Kept(_load)
