"""What came into a home timeline while its owner was away: how much, and by whom."""

from collections import Counter
from typing import Any, NamedTuple

import peewee
from peewee import fn

from node import clock
from node.models import Feed, List, ListMember, Marker, Status
from node.services.timelines.home_rules import FEED_SIZE
from node.services.timelines.kinds import Kind, is_of
from node.store import Prepared, param

AWAY_MS = 2 * clock.HOUR  # after a shorter absence nothing needs to be summed up
MAX_AUTHORS = 12


def _new() -> Any:
    reader, original = param("account"), Status.alias()
    return (
        Feed.select(Status.account, *(is_of(kind, reader, original).alias(kind.value) for kind in Kind))
        .join_from(Feed, Status, on=(Status.id == Feed.status))
        .join_from(Status, original, peewee.JOIN.LEFT_OUTER, on=(original.id == Status.reblog_of))
        .where(Feed.account == reader, Feed.status > param("read"), Status.account != reader)
        .limit(FEED_SIZE)
    )


_NEW = Prepared(_new, lambda account_id, *kinds: (int(account_id), [bool(one) for one in kinds]))


def _listed() -> Any:
    reader = param("account")
    return (
        ListMember.select(ListMember.list, fn.COUNT(Feed.status))
        .join_from(ListMember, List, on=(List.id == ListMember.list))
        .join_from(ListMember, Status, on=(Status.account == ListMember.account))
        .join_from(Status, Feed, on=(Feed.status == Status.id))
        .where(List.account == reader, Feed.account == reader, Feed.status > param("read"))
        .group_by(ListMember.list)
    )


_LISTED = Prepared(_listed, lambda list_id, count: (int(list_id), int(count)))
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
    kinds: dict[Kind, int]  # how many posts of each, where there are any


def in_lists(account_id: int, read_id: int) -> dict[int, int]:
    """How much of it is by people of each of the reader's lists; lists of which nothing came are left out."""
    return dict(_LISTED.all(account=account_id, read=read_id))


def read_line(account_id: int) -> tuple[int, int] | None:
    """The newest post that was read, and when that was noted; None for who never read here."""
    return _MARKER.first(account=account_id)


def is_away(read_at: int) -> bool:
    return clock.now_ms() - read_at >= AWAY_MS


def since(account_id: int, read_id: int, read_at: int) -> CatchUp | None:
    """None after a short absence, and when nothing came."""
    if not is_away(read_at):
        return None
    rows = _NEW.all(account=account_id, read=read_id)
    if not rows:
        return None
    authors = Counter(author_id for author_id, _ in rows)
    shown = authors.most_common(MAX_AUTHORS)
    kinds = Counter(kind for _, of in rows for kind, is_one in zip(Kind, of, strict=True) if is_one)
    return CatchUp(len(rows), read_at, clock.now_ms() - read_at, shown, len(authors) - len(shown), dict(kinds))
