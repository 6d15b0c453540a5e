"""How far somebody has read a timeline, the same on all devices."""

from node import clock
from node.errors import Invalid
from node.models import Marker

TIMELINES = ("home", "notifications")


def get(account_id: int, timelines: list[str]) -> list[Marker]:
    """Those that were ever set."""
    known = [name for name in TIMELINES if name in timelines]
    return list(Marker.select().where(Marker.account == account_id, Marker.timeline.in_(known)))


def set_read(account_id: int, timeline: str, last_read_id: int) -> Marker:
    """What the last device to say so has read; its version grows."""
    if timeline not in TIMELINES:
        raise Invalid("There are markers of home and notifications only.")
    values = {Marker.last_read_id: last_read_id, Marker.updated_at: clock.now_ms()}
    ours = (Marker.account == account_id) & (Marker.timeline == timeline)
    made = (
        Marker.insert({Marker.account: account_id, Marker.timeline: timeline, **values})
        .on_conflict_ignore()
        .returning(Marker.id)
        .tuples()
        .execute()
    )
    if not list(made):
        Marker.update({**values, Marker.version: Marker.version + 1}).where(ours).execute()
    return Marker.get(ours)


def last_read(account_id: int, timeline: str) -> int:
    """0 when nothing was ever read."""
    row = Marker.get_or_none((Marker.account == account_id) & (Marker.timeline == timeline))
    return 0 if row is None else int(row.last_read_id)
