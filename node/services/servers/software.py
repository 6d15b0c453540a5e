"""What the servers that we deliver to say they run: asked for once a week, late, shown to the staff, and believed where it
tells what an id of theirs stands for.
"""

import random

from node import clock, jobs
from node.jobs import JobKind, Priority
from node.models import Destination
from node.store import Prepared, param

_EVERY_MS = 7 * clock.DAY
# An hour's share of twenty thousand servers; what is more comes with the next hour.
_AT_ONCE = 200
_SPREAD_MS = 50 * clock.MINUTE

# Their follows, favourites, boosts and blocks have ids that are never used again (docs/adr/0048).
_NAMING_EACH_ACT = frozenset({"akkoma", "gotosocial", "hometown", "lemmy", "linnet", "mastodon", "pleroma"})
_SOFTWARE = Prepared(
    lambda: Destination.select(Destination.software).where(Destination.host == param("host")), lambda name: str(name)
)


def ask() -> int:
    """Run once an hour: those that take what they are sent and were not asked for a week. How many they are."""
    since = clock.now_ms() - _EVERY_MS
    query = (
        Destination.select(Destination.id)
        .where(
            Destination.state == "alive",
            Destination.last_success_at.is_null(False),
            Destination.described_at.is_null() | (Destination.described_at < since),
        )
        .order_by(Destination.described_at.is_null(False), Destination.described_at)
        .limit(_AT_ONCE)
    )
    due = [row.id for row in query]
    for destination_id in due:
        due_at = clock.now_ms() + random.randrange(_SPREAD_MS)
        jobs.enqueue(JobKind.FETCH_NODEINFO, destination_id, priority=Priority.BULK, due_at=due_at, once=True)
    return len(due)


def by_id(destination_id: int) -> Destination | None:
    """None for one that was asked within the week after all."""
    row: Destination | None = Destination.get_or_none(Destination.id == destination_id)
    return row if row is not None and (row.described_at or 0) < clock.now_ms() - _EVERY_MS else None


def keep(destination_id: int, software: str, version: str) -> None:
    """Nothing said leaves what was known; either way nobody asks again for a week."""
    said = {"software": software, "software_version": version} if software else {}
    Destination.update(described_at=clock.now_ms(), **said).where(Destination.id == destination_id).execute()


def names_each_act(host: str) -> bool:
    """Whether nothing new comes from `host` under an id that was undone. Of most servers nobody knows."""
    return _SOFTWARE.first(host=host) in _NAMING_EACH_ACT
