"""Old posts and boosts go by themselves, where their author wants it: what stays, how much would go, and the work.

The work is done a little at a time, because each post that goes is told to all servers that may have it: a round
looks at some hundred posts of a few people, the oldest first, deletes a few, and notes where it stands. When all were
looked at, the next pass begins some hours later.
"""

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import peewee
import structlog
from peewee import fn

from node import clock, ids, jobs
from node.errors import Invalid, NotFound
from node.models import (
    Account,
    AutoDeletion,
    Bookmark,
    Favourite,
    MediaAttachment,
    Pin,
    Poll,
    Status,
    Visibility,
)
from node.models.access import exists, present
from node.services.statuses import deletion

log = structlog.get_logger()

MIN_AGES = (7, 14, 30, 60, 90, 180, 365, 730)  # days
MOST_THRESHOLD = 1_000_000

_PEOPLE = 5  # of a round
_POSTS = 5  # that one of them loses in a round
_LOOKED_AT = 500  # of one of them
_REST_MS = 6 * clock.HOUR
_MOST_WAITING = 1_000  # jobs: a node that has so much to do has no time for tidying


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What goes: everything older than `min_age_days` days, except what is kept. The defaults are Mastodon's."""

    min_age_days: int = 14
    keep_pinned: bool = True
    keep_favourited: bool = True
    keep_bookmarked: bool = True
    keep_polls: bool = False
    keep_media: bool = False
    keep_direct: bool = True
    min_favourites: int | None = None
    min_reblogs: int | None = None


class Chosen(NamedTuple):
    enabled: bool
    rule: Rule


class Count(NamedTuple):
    """How much a rule would delete now."""

    posts: int
    boosts: int


def of(account_id: int) -> Chosen:
    row = AutoDeletion.get_or_none(AutoDeletion.account == account_id)
    return Chosen(False, Rule()) if row is None else Chosen(row.enabled, _rule(row))


def choose(account_id: int, rule: Rule, *, enabled: bool) -> None:
    """It begins soon, and from the oldest post on. Invalid for ages and numbers that are not offered."""
    check(rule)
    values = asdict(rule) | {"enabled": enabled, "scanned_id": 0, "due_at": clock.now_ms()}
    insert = AutoDeletion.insert(account=account_id, **values)
    insert.on_conflict(conflict_target=[AutoDeletion.account], update=values).execute()


def check(rule: Rule) -> None:
    if rule.min_age_days not in MIN_AGES:
        raise Invalid("Please choose one of these ages.", {"min_age_days": "Please choose one of these ages."})
    for name in ("min_favourites", "min_reblogs"):
        threshold = getattr(rule, name)
        if threshold is not None and not 1 <= threshold <= MOST_THRESHOLD:
            raise Invalid("This must be a number from 1 on.", {name: "This must be a number from 1 on."})


def preview(account_id: int, rule: Rule) -> Count:
    """Looks at everything that the account wrote: for who asks, not for a page that is opened often."""
    check(rule)
    is_boost = Status.reblog_of.is_null(False)
    query: Any = Status.select(is_boost, fn.COUNT(Status.id)).where(_expendable(account_id, rule)).group_by(is_boost)
    counts = {bool(boosts): int(number) for boosts, number in query.tuples()}
    return Count(counts.get(False, 0), counts.get(True, 0))


# ── the work ──


def work() -> int:
    """One round; how many posts went. Run every minute."""
    if jobs.is_behind(_MOST_WAITING):
        return 0
    due = (
        AutoDeletion.select()
        .join(Account, on=(Account.id == AutoDeletion.account))
        .where(AutoDeletion.enabled, AutoDeletion.due_at <= clock.now_ms(), present(Account))
        .order_by(AutoDeletion.due_at)
        .limit(_PEOPLE)
    )
    return sum(_go_on(row) for row in list(due))


def _go_on(row: AutoDeletion) -> int:
    window = _window(row)
    if not window:
        _advance(row, 0, clock.now_ms() + _REST_MS)
        return 0
    of_window = (Status.id >= window[0]) & (Status.id <= window[-1])
    query = Status.select(Status.id).where(of_window, _expendable(row.account_id, _rule(row)))
    going = [status.id for status in query.order_by(Status.id).limit(_POSTS)]
    # The last one that goes was looked at, too; those after it come in the next round.
    if not _advance(row, going[-1] if len(going) == _POSTS else window[-1], clock.now_ms()):
        return 0
    return sum(_delete(row.account_id, status_id) for status_id in going)


def _window(row: AutoDeletion) -> list[int]:
    """The next ids to look at, up to about the age at which posts go: ids are of the time of writing."""
    young = ids.first_id_at(clock.now_ms() - (row.min_age_days - 1) * clock.DAY)
    after = (Status.account == row.account_id) & (Status.id > row.scanned_id) & (Status.id < young)
    return [status.id for status in Status.select(Status.id).where(after).order_by(Status.id).limit(_LOOKED_AT)]


def _advance(row: AutoDeletion, scanned_id: int, due_at: int) -> bool:
    """False when another process did it, or its owner chose anew: then this round is not ours."""
    as_it_was = (AutoDeletion.scanned_id == row.scanned_id) & (AutoDeletion.due_at == row.due_at)
    changes = {"scanned_id": scanned_id, "due_at": max(due_at, row.due_at + 1)}
    return bool(AutoDeletion.update(changes).where(AutoDeletion.id == row.id, as_it_was).execute())


def _delete(account_id: int, status_id: int) -> bool:
    try:
        deletion.delete(account_id, status_id)
    except NotFound as error:
        log.info("gone before automatic deletion", status=status_id, error=str(error))
        return False
    return True


def _rule(row: AutoDeletion) -> Rule:
    return Rule(**{name: getattr(row, name) for name in Rule.__dataclass_fields__})


def _expendable(account_id: int, rule: Rule) -> Any:
    """Conditions on `Status`. What is young is told by its date: ids are drawn near it, and may be some time later."""
    old = Status.created_at < clock.now_ms() - rule.min_age_days * clock.DAY
    keeps: list[Any] = []
    for keep, row in ((rule.keep_favourited, Favourite), (rule.keep_bookmarked, Bookmark), (rule.keep_pinned, Pin)):
        if keep:
            keeps.append(exists(row, row.account == account_id, row.status == Status.id))
    for keep, part in ((rule.keep_polls, Poll), (rule.keep_media, MediaAttachment)):
        if keep:
            keeps.append(exists(part, part.status == Status.id))
    if rule.keep_direct:
        keeps.append(Status.visibility == Visibility.DIRECT)
    if rule.min_favourites is not None:
        keeps.append(Status.favourites_count >= rule.min_favourites)
    if rule.min_reblogs is not None:
        keeps.append(Status.reblogs_count >= rule.min_reblogs)
    condition: peewee.Expression = (Status.account == account_id) & old
    for keep_it in keeps:
        condition &= ~keep_it
    return condition
