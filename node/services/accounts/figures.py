"""What somebody's own posts of the last months came to: for nobody else's eyes."""

from typing import Any, NamedTuple

from peewee import SQL, fn

from node import clock, ids
from node.models import Follow, MediaAttachment, Status

WEEKS = 16
_WEEK_MS = 7 * clock.DAY
# Of those who write more, or to whom more people come, the latest.
_MOST_POSTS, _MOST_FOLLOWS = 3_000, 20_000


class Figures(NamedTuple):
    """By week, the oldest first and this one last; by hour of the day in UTC."""

    posts: list[int]
    answers: list[int]  # favourites, boosts and replies that the posts of the week got
    follows: list[int]  # people who came and have stayed
    hours: list[int]  # answers to a post of that hour, on average, in hundredths
    pictures: int
    described: int


def of(account_id: int) -> Figures:
    now = clock.now_ms()
    since = ids.first_id_at(now - WEEKS * _WEEK_MS)
    answered = Status.favourites_count + Status.reblogs_count + Status.replies_count
    rows: Any = (
        Status.select(Status.id, answered)
        .where(Status.account == account_id, Status.reblog_of.is_null(), Status.id >= since)
        .order_by(Status.id.desc())
        .limit(_MOST_POSTS)
        .tuples()
    )
    came: Any = (
        Follow.select(Follow.id)
        .where(Follow.target == account_id, Follow.id >= since)
        .order_by(Follow.id.desc())
        .limit(_MOST_FOLLOWS)
    )
    posted = [(ids.time_of(status_id), int(count)) for status_id, count in rows]
    pictures, described = (
        MediaAttachment.select(fn.COUNT(SQL("*")), fn.COUNT(fn.NULLIF(MediaAttachment.description, "")))
        .where(MediaAttachment.account == account_id, MediaAttachment.status >= since)
        .scalar(as_tuple=True)
    )
    return Figures(
        posts=_by_week(now, [(at, 1) for at, _ in posted]),
        answers=_by_week(now, posted),
        follows=_by_week(now, [(ids.time_of(row.id), 1) for row in came]),
        hours=_by_hour(posted),
        pictures=int(pictures),
        described=int(described),
    )


def _by_week(now: int, events: list[tuple[int, int]]) -> list[int]:
    weeks = [0] * WEEKS
    for at, count in events:
        age = (now - at) // _WEEK_MS
        if 0 <= age < WEEKS:
            weeks[WEEKS - 1 - age] += count
    return weeks


def _by_hour(posted: list[tuple[int, int]]) -> list[int]:
    found: list[list[int]] = [[] for _ in range(24)]
    for at, count in posted:
        found[at % clock.DAY // clock.HOUR].append(count)
    return [100 * sum(counts) // len(counts) if counts else 0 for counts in found]
