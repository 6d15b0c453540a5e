"""How large the node is: for instance documents and NodeInfo. Counting takes long, so it is done every few minutes."""

from typing import Any, NamedTuple

from peewee import fn

from node import clock, ids
from node.models import Account, Destination, Status, User
from node.models.access import OPEN
from node.services.caching.cache import Kept

_WEEKS = 12


class Statistics(NamedTuple):
    users: int
    active_month: int
    active_half_year: int
    statuses: int
    domains: int


class Week(NamedTuple):
    starts_at: int
    statuses: int
    logins: int
    registrations: int


def current() -> Statistics:
    return _counted.get()


def weeks() -> list[Week]:
    """The last twelve, this one first."""
    return _weeks.get()


def peers() -> list[str]:
    """Domains that this node has accounts of or delivers to."""
    return _peers.get()


def founded_at() -> int:
    """When the first account of this node was made."""
    return int(Account.select(fn.MIN(Account.created_at)).where(Account.domain == "").scalar() or 0)


def _count() -> Statistics:
    now = clock.now_ms()
    members = User.select().where(User.approved_at.is_null(False), User.confirmed_at.is_null(False))
    return Statistics(
        users=members.count(),
        active_month=members.where(User.last_active_at > now - 30 * clock.DAY).count(),
        active_half_year=members.where(User.last_active_at > now - 180 * clock.DAY).count(),
        statuses=int(Account.select(fn.SUM(Account.statuses_count)).where(Account.domain == "").scalar() or 0),
        domains=Account.select(Account.domain).where(Account.domain != "").distinct().count(),
    )


def _count_weeks() -> list[Week]:
    # Weeks begin on Monday; the first day of unix time was a Thursday.
    monday = (clock.now_ms() + 3 * clock.DAY) // (7 * clock.DAY) * 7 * clock.DAY - 3 * clock.DAY
    return [_week(monday - number * 7 * clock.DAY) for number in range(_WEEKS)]


def _week(starts_at: int) -> Week:
    first, end = ids.first_id_at(starts_at), ids.first_id_at(starts_at + 7 * clock.DAY)
    return Week(
        starts_at,
        Status.select()
        .where(Status.local, Status.id >= first, Status.id < end, Status.visibility.in_(OPEN), ~Status.local_only)
        .count(),
        User.select()
        .where(User.last_active_at >= starts_at, User.last_active_at < starts_at + 7 * clock.DAY)
        .count(),
        User.select().where(User.id >= first, User.id < end).count(),
    )


def _find_peers() -> list[str]:
    accounts: Any = Account.select(Account.domain).where(Account.domain != "").distinct().tuples()
    hosts: Any = Destination.select(Destination.host).tuples()
    return sorted({domain for (domain,) in accounts} | {host for (host,) in hosts})


_counted = Kept(_count, seconds=300)
_weeks = Kept(_count_weeks, seconds=3_600)
_peers = Kept(_find_peers, seconds=3_600)
