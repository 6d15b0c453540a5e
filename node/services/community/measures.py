"""What grows on this node, and how fast: figures by day, for the staff. Each measure is one query.

Nothing is counted beforehand: what is asked is in the rows. So `active_users` counts people on the day on which they
were here last, which is all that is kept of when they were here.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import peewee
from peewee import fn

from node import clock, ids
from node.errors import Invalid
from node.models import Account, Favourite, Follow, MediaAttachment, Report, Status, StatusTag, User

MAX_DAYS = 366


class Period(NamedTuple):
    """Days since 1970, both of them part of it."""

    first: int
    last: int

    @property
    def before(self) -> "Period":
        """The one of the same length that ended when this one began."""
        length = self.last - self.first + 1
        return Period(self.first - length, self.first - 1)

    @property
    def days(self) -> range:
        return range(self.first, self.last + 1)


class Subject(NamedTuple):
    """What a measure of one hashtag or of one domain is about."""

    tag_id: int = 0
    domain: str = ""


NOTHING = Subject()


class Measure(NamedTuple):
    by_day: list[tuple[int, int]]  # midnight in milliseconds, and the figure
    total: int
    previous_total: int


def period(start: str, end: str) -> Period:
    """From the day of one time to that of another; a long one is cut at its beginning. Invalid if they are no times."""
    first, last = clock.parse_iso(start), clock.parse_iso(end)
    if first is None or last is None:
        field = "end_at" if first is not None else "start_at"
        raise Invalid("Say from when to when, as in 2026-12-24.", {field: "is not a date"})
    if last < first:
        raise Invalid("The end comes before the beginning.", {"end_at": "is before start_at"})
    return Period(max(first // clock.DAY, last // clock.DAY - MAX_DAYS + 1, 0), last // clock.DAY)


def measure(key: str, during: Period, subject: Subject = NOTHING) -> Measure:
    """What nobody knows of has nothing but zeros."""
    both = Period(max(during.before.first, 0), during.last)
    found = {int(day): int(count or 0) for day, count in MEASURES[key](both, subject).tuples()}
    return Measure(
        [(day * clock.DAY, found.get(day, 0)) for day in during.days],
        sum(found.get(day, 0) for day in during.days),
        sum(found.get(day, 0) for day in during.before.days),
    )


def at(column: Any, during: Period) -> Any:
    """Whether a time in milliseconds is within it."""
    return (column >= during.first * clock.DAY) & (column < (during.last + 1) * clock.DAY)


def made(column: Any, during: Period) -> Any:
    """Whether an id was drawn within it."""
    return (column >= ids.first_id_at(during.first * clock.DAY)) & (
        column < ids.first_id_at((during.last + 1) * clock.DAY)
    )


def day_of(column: Any, unit: int = clock.DAY) -> Any:
    # Written out, because PostgreSQL takes two bound values for two different things to group by.
    return peewee.Expression(column, "/", peewee.SQL(str(unit)))


def _times(query: Any, column: Any, during: Period, figure: Any = None) -> Any:
    day = day_of(column)
    return query.select(day, fn.COUNT(column) if figure is None else figure).where(at(column, during)).group_by(day)


def _ids(query: Any, column: Any, during: Period, figure: Any = None) -> Any:
    day = day_of(column, clock.DAY << 16)
    return query.select(day, fn.COUNT(column) if figure is None else figure).where(made(column, during)).group_by(day)


def _interactions(during: Period, _: Subject) -> Any:
    """What people here did with posts: favourites, boosts, answers."""
    favourites = Favourite.select().join(Account).where(Account.domain == "")
    answers = Status.select().where(Status.local, Status.reblog_of.is_null(False) | Status.in_reply_to.is_null(False))
    return _sum_of(_times(favourites, Favourite.created_at, during), _ids(answers, Status.id, during))


def _sum_of(*queries: Any) -> Any:
    parts = [
        query.select(*(one.alias(name) for one, name in zip(query._returning, ("day", "n"), strict=True)))
        for query in queries
    ]
    union = parts[0].union_all(parts[1])
    return peewee.Select([union], [union.c.day, fn.SUM(union.c.n)]).group_by(union.c.day).bind(Status._meta.database)


def _tagged(during: Period, subject: Subject, figure: Any) -> Any:
    query = StatusTag.select().join_from(StatusTag, Status, on=(Status.id == StatusTag.status))
    query = query.join_from(Status, Account, on=(Account.id == Status.account)).where(StatusTag.tag == subject.tag_id)
    return _ids(query, StatusTag.status, during, figure)


def _of_domain(model: Any, joined: Any) -> Callable[[Subject], Any]:
    return lambda subject: (
        model.select().join(Account, on=(Account.id == joined)).where(Account.domain == subject.domain)
    )


_statuses = _of_domain(Status, Status.account)
_reports = _of_domain(Report, Report.target)
_media = _of_domain(MediaAttachment, MediaAttachment.account)
_followed = _of_domain(Follow, Follow.target)
_followers = _of_domain(Follow, Follow.account)

MEASURES: dict[str, Callable[[Period, Subject], Any]] = {
    "active_users": lambda during, _: _times(User.select(), User.last_active_at, during),
    "new_users": lambda during, _: _times(User.select(), User.created_at, during),
    "interactions": _interactions,
    "opened_reports": lambda during, _: _times(Report.select(), Report.created_at, during),
    "resolved_reports": lambda during, _: _times(Report.select(), Report.resolved_at, during),
    "tag_accounts": lambda during, one: _tagged(during, one, fn.COUNT(fn.DISTINCT(Status.account))),
    "tag_uses": lambda during, one: _tagged(during, one, fn.COUNT(StatusTag.status)),
    "tag_servers": lambda during, one: _tagged(during, one, fn.COUNT(fn.DISTINCT(Account.domain))),
    "instance_accounts": lambda during, one: _ids(
        Account.select().where(Account.domain == one.domain), Account.id, during
    ),
    "instance_media_attachments": lambda during, one: _ids(
        _media(one), MediaAttachment.id, during, fn.SUM(MediaAttachment.size_bytes)
    ),
    "instance_reports": lambda during, one: _times(_reports(one), Report.created_at, during),
    "instance_statuses": lambda during, one: _ids(_statuses(one), Status.id, during),
    "instance_follows": lambda during, one: _times(_followed(one), Follow.created_at, during),
    "instance_followers": lambda during, one: _times(_followers(one), Follow.created_at, during),
}
IN_BYTES = frozenset({"instance_media_attachments"})


def known(keys: Iterable[str], all_keys: Iterable[str]) -> list[str]:
    """Those that exist, each once."""
    wanted = dict.fromkeys(keys)
    possible = frozenset(all_keys)
    return [key for key in wanted if key in possible]
