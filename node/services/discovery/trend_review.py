"""What the staff decided about trends. With the setting `review_trends` a yes is needed; without, only a no counts."""

from node import clock, streams
from node.models import Account, Role, TrendDecision, TrendKind
from node.services.caching.cache import Cache
from node.services.community import settings
from node.services.moderation import audit, roles

_cache: Cache[TrendKind, dict[str, bool]] = Cache(entries=3)


def decide(kind: TrendKind, key: str, allowed: bool, by: Account | None) -> None:
    """Decide, or decide anew. Doing it twice changes nothing."""
    roles.require(by, Role.MODERATOR)
    if decision(kind, key) is allowed:
        return
    TrendDecision.delete().where(TrendDecision.kind == kind, TrendDecision.key == key).execute()
    TrendDecision.create(kind=kind, key=key, allowed=allowed, created_at=clock.now_ms())
    audit.record(by, "approve.trend" if allowed else "reject.trend", key, {"kind": kind})
    _cache.clear_with_unit()
    streams.publish(("control",), "trends_decided")


def decision(kind: TrendKind, key: str) -> bool | None:
    """None: nobody has decided."""
    return (_cache.get(kind, _load) or {}).get(key)


def decided(kind: TrendKind) -> set[str]:
    """The keys about which somebody has."""
    return set(_cache.get(kind, _load) or {})


def is_shown(kind: TrendKind, key: str) -> bool:
    decided = decision(kind, key)
    return not settings.current().review_trends if decided is None else decided


def forget() -> None:
    """Another process decided something."""
    _cache.clear()


def _load(kind: TrendKind) -> dict[str, bool]:
    return {row.key: row.allowed for row in TrendDecision.select().where(TrendDecision.kind == kind)}
