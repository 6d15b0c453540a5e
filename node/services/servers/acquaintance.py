"""What this node knows of one other server: for the staff that looks at it."""

from typing import NamedTuple

from node import clock
from node.errors import NotFound
from node.models import Account, Destination, DomainBlock, Follow
from node.services.community import dimensions, measures
from node.services.community.dimensions import Share
from node.services.community.measures import Measure, Period, Subject
from node.services.servers import destinations
from node.services.servers.destinations import Server

DAYS = 28
_PEOPLE = 5


class Acquaintance(NamedTuple):
    domain: str
    server: Server | None  # as deliveries know it; None if nothing was ever sent there
    rule: DomainBlock | None
    accounts: int  # people of it that are known here
    followed: int  # follows from here to there
    followers: int  # and from there to here
    statuses: Measure  # that came in the last days, by day
    reports: Measure  # about its people
    people: list[Share]  # the most followed


def of(domain: str) -> Acquaintance:
    """NotFound for one that nobody here ever had to do with."""
    destination = Destination.get_or_none(Destination.host == domain)
    rule = DomainBlock.get_or_none(DomainBlock.domain == domain)
    accounts = Account.select().where(Account.domain == domain, Account.deleted_at.is_null()).count()
    if not domain or (destination is None and rule is None and not accounts):
        raise NotFound("Record not found")
    today = clock.now_ms() // clock.DAY
    lately, subject = Period(today - DAYS + 1, today), Subject(domain=domain)
    return Acquaintance(
        domain,
        None if destination is None else destinations.one(destination.id),
        rule,
        accounts,
        _follows(Follow.target, domain),
        _follows(Follow.account, domain),
        measures.measure("instance_statuses", lately, subject),
        measures.measure("instance_reports", lately, subject),
        dimensions.dimension("instance_accounts", lately, _PEOPLE, subject),
    )


def _follows(side: object, domain: str) -> int:
    return int(Follow.select().join(Account, on=(Account.id == side)).where(Account.domain == domain).count())
