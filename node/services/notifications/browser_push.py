"""Web Push for a browser that is signed in: its subscription belongs to the session, and is silent in quiet hours."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from node import clock
from node.errors import Invalid, NotFound
from node.models import NotificationKind, PushPolicy, PushSubscription, Session
from node.services.notifications import push
from node.services.notifications.push import Wish

MINUTES_OF_DAY = 24 * 60
_MAX_ZONE_CHARS = 60


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """Minutes of the day, by the clocks of `time_zone`; `since` may be later than `until`, and then midnight is between."""

    since: int
    until: int
    time_zone: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What a browser is to be told of, and when not."""

    alerts: Set[NotificationKind]
    policy: PushPolicy = PushPolicy.ALL
    quiet: Quiet | None = None


def of_session(session_id: int | None) -> PushSubscription | None:
    return PushSubscription.get_or_none(PushSubscription.session == session_id) if session_id is not None else None


def subscribe(session_id: int, account_id: int, wish: Wish, choice: Choice) -> None:
    """In place of what this browser had. Invalid for keys that nothing can be encrypted for, and unknown time zones."""
    values = _values(choice)
    made = push.replace(account_id, wish, PushSubscription.session, session_id)
    PushSubscription.update(values).where(PushSubscription.id == made.id).execute()


def change(session_id: int, choice: Choice) -> None:
    changed = PushSubscription.update(_values(choice)).where(PushSubscription.session == session_id).execute()
    if not changed:
        raise NotFound("This browser is not told of anything.")


def end(session_id: int) -> None:
    PushSubscription.delete().where(PushSubscription.session == session_id).execute()


def others(user_id: int, session_id: int | None) -> int:
    """How many other browsers of a login are told."""
    query = PushSubscription.select().join(Session, on=(Session.id == PushSubscription.session))
    return int(query.where(Session.user == user_id, Session.id != (session_id or 0)).count())


def is_quiet(row: PushSubscription) -> bool:
    """Whether the clocks of its owner show an hour at which nothing is to be heard."""
    if row.quiet_from is None or row.quiet_until is None:
        return False
    here = datetime.fromtimestamp(clock.now_ms() / 1000, UTC).astimezone(_zone(row.time_zone))
    now = here.hour * 60 + here.minute
    if row.quiet_from <= row.quiet_until:
        return bool(row.quiet_from <= now < row.quiet_until)
    return bool(now >= row.quiet_from or now < row.quiet_until)


def _values(choice: Choice) -> dict[str, object]:
    quiet = choice.quiet
    if quiet is not None:
        _check(quiet)
    return {
        "alerts": " ".join(sorted(choice.alerts)),
        "policy": choice.policy,
        "quiet_from": None if quiet is None else quiet.since,
        "quiet_until": None if quiet is None else quiet.until,
        "time_zone": "" if quiet is None else quiet.time_zone,
    }


def _check(quiet: Quiet) -> None:
    if not (0 <= quiet.since < MINUTES_OF_DAY and 0 <= quiet.until < MINUTES_OF_DAY):
        raise Invalid("This is no time of the day.", {"quiet_from": "This is no time of the day."})
    try:
        if not quiet.time_zone or len(quiet.time_zone) > _MAX_ZONE_CHARS:
            raise ValueError(quiet.time_zone[:_MAX_ZONE_CHARS])
        ZoneInfo(quiet.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = "This server does not know your time zone. Please leave the quiet hours empty."
        raise Invalid(message, {"quiet_from": message}) from error


def _zone(name: str) -> ZoneInfo:
    """The system may have forgotten it since; then nothing better is known than UTC."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
