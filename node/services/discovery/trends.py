"""What is being talked about: hashtags, posts and links of the last days (docs/adr/0026).

The candidates are asked for once in a few minutes, for everybody; what was decided about them, and whether a reader
wants to see them, is asked each time.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from peewee import SQL, fn

from node import clock, ids
from node.models import Account, PreviewCard, Status, StatusTag, Tag, TrendKind, Visibility
from node.models.access import present
from node.models.paged import one_id
from node.services.caching.cache import Cache
from node.services.discovery import trend_review
from node.services.timelines.everyone import is_public
from node.store import Prepared, in_ids, param

_TALK_MS = 3 * clock.DAY
_LEAST = 2  # what one person says, or likes, is no trend
_MOST = 100


class Candidate(NamedTuple):
    """`key` is what decisions are about (TrendDecision)."""

    id: int
    key: str


def tags(limit: int, offset: int = 0) -> list[Tag]:
    """The most people first."""
    wanted = _page(TrendKind.TAG, limit, offset)
    rows = {row.id: row for row in Tag.select().where(in_ids(Tag.id, wanted))} if wanted else {}
    return [rows[tag_id] for tag_id in wanted if tag_id in rows]


def links(limit: int, offset: int = 0) -> list[int]:
    """Ids of cards, the most people first."""
    return _page(TrendKind.LINK, limit, offset)


def statuses(viewer_id: int | None, limit: int, offset: int = 0) -> list[int]:
    """Ids of those that the reader may and wants to see."""
    wanted = _page(TrendKind.STATUS, _MOST)
    if not wanted:
        return []
    readable = set(_READABLE.all(ids=wanted, viewer=viewer_id or 0, now=clock.now_ms()))
    return [status_id for status_id in wanted if status_id in readable][offset : offset + limit]


def candidates(kind: TrendKind) -> list[Candidate]:
    """What may become a trend, the strongest first, whatever was decided about it."""
    return _candidates.get(kind, _load) or []


def _page(kind: TrendKind, limit: int, offset: int = 0) -> list[int]:
    shown = [one.id for one in candidates(kind) if trend_review.is_shown(kind, one.key)]
    return shown[offset : offset + limit]


def _said_in_public() -> Any:
    """By people who are not limited, in what leaves the node."""
    return (
        (Status.visibility == Visibility.PUBLIC)
        & ~Status.local_only
        & present(Account)
        & Account.silenced_at.is_null()
        & (Status.id >= param("since"))
    )


def _strongest(query: Any, group: list[Any]) -> Any:
    people = fn.COUNT(fn.DISTINCT(Status.account))
    return (
        query.where(_said_in_public())
        .group_by(*group)
        .having(people >= _LEAST)
        .order_by(people.desc(), fn.COUNT(SQL("*")).desc(), group[0])
        .limit(_MOST)
    )


def _talked() -> Any:
    query = (
        StatusTag.select(Tag.id, Tag.key)
        .join_from(StatusTag, Tag, on=(Tag.id == StatusTag.tag))
        .join_from(StatusTag, Status, on=(Status.id == StatusTag.status))
        .join_from(Status, Account, on=(Account.id == Status.account))
        .where(StatusTag.status >= param("since"))
    )
    return _strongest(query, [Tag.id, Tag.key])


def _linked() -> Any:
    # A key with a space is one author's word about a page (PreviewCard).
    query = (
        Status.select(PreviewCard.id, PreviewCard.key)
        .join_from(Status, PreviewCard, on=(PreviewCard.id == Status.card))
        .join_from(Status, Account, on=(Account.id == Status.account))
        .where(PreviewCard.title != "", ~PreviewCard.key.contains(" "))
    )
    return _strongest(query, [PreviewCard.id, PreviewCard.key])


def _liked() -> Any:
    score = Status.favourites_count + 2 * Status.reblogs_count
    return (
        Status.select(Status.id, Status.uri, Status.account, score)
        .join(Account, on=(Account.id == Status.account))
        .where(
            _said_in_public(),
            Status.reblog_of.is_null(),
            Status.in_reply_to_uri == "",
            Account.discoverable,
            Status.spoiler_text == "",
            ~Status.sensitive,
            Status.favourites_count + Status.reblogs_count >= _LEAST,
        )
        .order_by(score.desc(), Status.id.desc())
        .limit(5 * _MOST)
    )


_TALKED = Prepared(_talked, Candidate)
_LINKED = Prepared(_linked, Candidate)
_LIKED = Prepared(_liked, lambda *row: row)
_READABLE = Prepared(
    lambda: (
        Status.select(Status.id)
        .join(Account, on=(Account.id == Status.account))
        .where(in_ids(Status.id, param("ids")), is_public(param("viewer")))
    ),
    one_id,
)


def _load_statuses(since: int) -> list[Candidate]:
    """Each author once; a day halves what a post is worth."""
    now = clock.now_ms()
    worth = {row: row[3] * 0.5 ** ((now - ids.time_of(row[0])) / clock.DAY) for row in _LIKED.all(since=since)}
    best: dict[int, Candidate] = {}
    for status_id, uri, account_id, _ in sorted(worth, key=lambda row: worth[row], reverse=True):
        best.setdefault(account_id, Candidate(status_id, uri))
    return list(best.values())[:_MOST]


_LOADERS: dict[TrendKind, Callable[[int], list[Candidate]]] = {
    TrendKind.TAG: lambda since: _TALKED.all(since=since),
    TrendKind.LINK: lambda since: _LINKED.all(since=since),
    TrendKind.STATUS: _load_statuses,
}


def _load(kind: TrendKind) -> list[Candidate]:
    return _LOADERS[kind](ids.first_id_at(clock.now_ms() - _TALK_MS))


_candidates: Cache[TrendKind, list[Candidate]] = Cache(seconds=300, entries=3)
