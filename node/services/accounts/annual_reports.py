"""What a year of somebody's came to: asked for once, computed by a job, for nobody else's eyes.

Mastodon offers a report for three weeks in December, of the year that ends. Here those of earlier years can be had
at any time, too. Years are those of UTC.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from peewee import SQL, Case, fn

from node import clock, ids, jobs
from node.jobs import JobKind, Priority, TakenJob, enqueue
from node.models import AnnualReport, Follow, Poll, Status, StatusTag, Tag
from node.models.access import OPEN

_FIRST_YEAR = 1970
_CAMPAIGN_MONTH, _CAMPAIGN_DAY = 12, 10
# What somebody who is active posts in a year, as Mastodon counted in 2023.
_USUAL_POSTS = 113
_MOST_LISTED = 20


class State(StrEnum):
    AVAILABLE = "available"
    GENERATING = "generating"
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"


class Archetype(StrEnum):
    LURKER = "lurker"
    BOOSTER = "booster"
    POLLSTER = "pollster"
    REPLIER = "replier"
    ORACLE = "oracle"


class Figures(NamedTuple):
    archetype: Archetype
    statuses: int
    followers: int
    top_status_id: int | None
    tag: str
    tag_uses: int


class Posts(NamedTuple):
    """How many of each kind."""

    standalone: int
    replies: int
    reblogs: int
    polls: int


# ── its owner ──


def campaign() -> int | None:
    """The year that ends, from the day on which it may be looked back upon."""
    now = clock.now()
    return now.year if (now.month, now.day) >= (_CAMPAIGN_MONTH, _CAMPAIGN_DAY) else None


def state(account_id: int, year: int) -> tuple[State, int]:
    """And the id of what is being made, or 0."""
    report = get(account_id, year)
    if report is not None:
        return (State.GENERATING, report.id) if report.made_at is None else (State.AVAILABLE, 0)
    return (State.ELIGIBLE if _is_eligible(account_id, year) else State.INELIGIBLE), 0


def ask(account_id: int, year: int) -> int:
    """The id of what is being made from now on, or already; 0 where nothing is to be made."""
    if _is_eligible(account_id, year):
        report_id = ids.new_id()
        new = AnnualReport.insert(id=report_id, account=account_id, year=year)
        if new.on_conflict_ignore().as_rowcount().execute():
            enqueue(JobKind.MAKE_ANNUAL_REPORT, report_id, priority=Priority.BULK)
    return state(account_id, year)[1]


def get(account_id: int, year: int) -> AnnualReport | None:
    """Made or not."""
    row: AnnualReport | None = AnnualReport.get_or_none(AnnualReport.account == account_id, AnnualReport.year == year)
    return row


def unread(account_id: int) -> list[AnnualReport]:
    """Those that were made, the latest year first."""
    query = AnnualReport.select().where(
        AnnualReport.account == account_id, AnnualReport.made_at.is_null(False), AnnualReport.read_at.is_null()
    )
    return list(query.order_by(AnnualReport.year.desc()).limit(_MOST_LISTED))


def mark_read(account_id: int, year: int) -> None:
    """Nothing for what was not made."""
    AnnualReport.update(read_at=clock.now_ms()).where(
        AnnualReport.account == account_id,
        AnnualReport.year == year,
        AnnualReport.made_at.is_null(False),
        AnnualReport.read_at.is_null(),
    ).execute()


def is_being_made(account_id: int, report_id: int) -> bool:
    return (
        AnnualReport.select()
        .where(AnnualReport.id == report_id, AnnualReport.account == account_id, AnnualReport.made_at.is_null())
        .exists()
    )


def _is_eligible(account_id: int, year: int) -> bool:
    """A year that is over, or nearly, in which the account said something to everybody."""
    is_over = _FIRST_YEAR <= year < clock.now().year
    return (is_over or year == campaign()) and Status.select().where(*_said_openly(account_id, year)).exists()


# ── the job ──


def compute(report_id: int) -> Figures | None:
    """None when nobody wants it any more."""
    report = AnnualReport.get_or_none(AnnualReport.id == report_id)
    if report is None:
        return None
    account_id, year = report.account_id, report.year
    posts = posts_of(account_id, year)
    top: Any = (
        Status.select(Status.id)
        .where(*_said_openly(account_id, year), Status.reblogs_count > 0)
        .order_by(Status.reblogs_count.desc(), Status.id.desc())
        .limit(1)
        .scalar()
    )
    came = Follow.select().where(Follow.target == account_id, *_in_year(Follow.id, year))
    tag, tag_uses = _most_used_tag(account_id, year)
    return Figures(archetype_of(posts), posts.standalone + posts.replies, came.count(), top, tag, tag_uses)


def made(job: TakenJob, figures: Figures | None) -> None:
    jobs.finish(job)
    if figures is not None:
        changes = figures._asdict() | {"made_at": clock.now_ms()}
        AnnualReport.update(changes).where(AnnualReport.id == job.subject).execute()


def given_up(job: TakenJob) -> None:
    """It may be asked for once more."""
    AnnualReport.delete().where(AnnualReport.id == job.subject, AnnualReport.made_at.is_null()).execute()


def posts_of(account_id: int, year: int) -> Posts:
    is_reblog = Status.reblog_of.is_null(False)
    # Who goes on with a thread of their own answers nobody.
    is_reply = Status.in_reply_to_account.is_null(False) & (Status.in_reply_to_account != account_id)
    total, reblogs, replies = (
        Status.select(fn.COUNT(SQL("*")), _count_if(is_reblog), _count_if(is_reply))
        .where(Status.account == account_id, *_in_year(Status.id, year))
        .scalar(as_tuple=True)
    )
    polls = (
        Poll.select()
        .join(Status, on=(Status.id == Poll.status))
        .where(Status.account == account_id, *_in_year(Status.id, year))
        .count()
    )
    return Posts(int(total - reblogs - replies), int(replies), int(reblogs), polls)


def archetype_of(posts: Posts) -> Archetype:
    """As Mastodon calls people by what they post most."""
    if posts.standalone + posts.replies + posts.reblogs < _USUAL_POSTS:
        return Archetype.LURKER
    if posts.reblogs > 2 * posts.standalone:
        return Archetype.BOOSTER
    if 10 * posts.polls > posts.standalone:
        return Archetype.POLLSTER
    return Archetype.REPLIER if posts.replies > 2 * posts.standalone else Archetype.ORACLE


def _most_used_tag(account_id: int, year: int) -> tuple[str, int]:
    """One that was used more than once, if there is one."""
    uses = fn.COUNT(SQL("*"))
    row: Any = (
        Status.select(Tag.name, uses)
        .join(StatusTag, on=(StatusTag.status == Status.id))
        .join(Tag, on=(Tag.id == StatusTag.tag))
        .where(Status.account == account_id, *_in_year(Status.id, year))
        .group_by(Tag.id, Tag.name)
        .having(uses > 1)
        .order_by(uses.desc(), Tag.name)
        .limit(1)
        .scalar(as_tuple=True)
    )
    return ("", 0) if row is None else (str(row[0]), int(row[1]))


def _said_openly(account_id: int, year: int) -> list[Any]:
    return [
        Status.account == account_id,
        Status.reblog_of.is_null(),
        Status.visibility.in_(OPEN),
        *_in_year(Status.id, year),
    ]


def _in_year(column: Any, year: int) -> list[Any]:
    first, last = (int(datetime(one, 1, 1, tzinfo=UTC).timestamp()) * clock.SECOND for one in (year, year + 1))
    return [column >= ids.first_id_at(first), column < ids.first_id_at(last)]


def _count_if(condition: Any) -> Any:
    return fn.COUNT(Case(None, [(condition, 1)]))
