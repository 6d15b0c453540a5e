"""What came into a home timeline while its owner was away: how much, and by whom."""

from collections import Counter
from typing import NamedTuple

from node import clock
from node.models import Feed, Marker, Status
from node.services.timelines.home_rules import FEED_SIZE
from node.store import Prepared, param

AWAY_MS = 2 * clock.HOUR  # after a shorter absence nothing needs to be summed up
MAX_AUTHORS = 12

_NEW = Prepared(
    lambda: (
        Feed.select(Status.account)
        .join(Status, on=(Status.id == Feed.status))
        .where(Feed.account == param("account"), Feed.status > param("read"), Status.account != param("account"))
        .limit(FEED_SIZE)
    ),
    int,
)
_MARKER = Prepared(
    lambda: Marker.select(Marker.last_read_id, Marker.updated_at).where(
        Marker.account == param("account"), Marker.timeline == "home"
    ),
    lambda read, at: (int(read), int(at)),
)


class CatchUp(NamedTuple):
    posts: int
    since_at: int
    away_ms: int
    authors: list[tuple[int, int]]  # account id, posts; who wrote the most comes first
    more: int  # how many others wrote as well


def read_line(account_id: int) -> tuple[int, int] | None:
    """The newest post that was read, and when that was noted; None for who never read here."""
    return _MARKER.first(account=account_id)


def since(account_id: int, read_id: int, read_at: int) -> CatchUp | None:
    """None after a short absence, and when nothing came."""
    away = clock.now_ms() - read_at
    if away < AWAY_MS:
        return None
    authors = Counter(_NEW.all(account=account_id, read=read_id))
    if not authors:
        return None
    shown = authors.most_common(MAX_AUTHORS)
    return CatchUp(sum(authors.values()), read_at, away, shown, len(authors) - len(shown))
