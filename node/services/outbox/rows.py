"""What the parts of the outbox have in common: the rows they hold, and how long a host may be silent."""

from typing import Any

from node import clock, store
from node.models import Delivery
from node.store import Prepared, param

# After so long without an answer, and so many tries, a host counts as dead and is tried weekly.
DEAD_AFTER_FAILURES = 16
DEAD_AFTER_MS = 5 * clock.DAY // 2
# After so long more, what waits for it is thrown away, and nothing more is kept for it.
GIVEN_UP_AFTER_MS = 30 * clock.DAY
_SOON = (3, 10, 30)  # seconds
# How much sooner than now a host counts as due, by the priority of what waits: between hosts, too, what somebody waits
# for goes first and deletions last, but nothing waits for ever.
HEAD_START_MS = (2 * clock.MINUTE, clock.MINUTE, 0)

ONE_LEFT = Prepared(
    lambda: Delivery.select(Delivery.id).where(Delivery.destination == param("destination")).limit(1),
    lambda i: int(i),
)


def held(query: Any) -> Any:
    """PostgreSQL holds the host's row until the unit ends: whoever adds a delivery and whoever finds that none is
    left take turns, or the last one would wait for ever. SQLite has one writer anyway."""
    return query if store.is_sqlite() else query.for_update()


def is_given_up(state: str, first_failure_at: int | None, now: int) -> bool:
    return state == "dead" and first_failure_at is not None and first_failure_at < now - GIVEN_UP_AFTER_MS


def longest_delay_ms(failures: int) -> int:
    """Most failures are restarts, so the first tries follow soon; then Mastodon's schedule, n⁴ + 15 seconds. With the
    tenth that each may be longer. 16 of them take 2.8 days."""
    tries = min(failures, DEAD_AFTER_FAILURES)
    return (_SOON[tries - 1] if 0 < tries <= len(_SOON) else tries**4 + 15) * 1100
