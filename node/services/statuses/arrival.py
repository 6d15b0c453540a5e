"""What follows once the row of a new status is there, wherever it was written."""

from dataclasses import dataclass
from typing import Any

from peewee import Case

from node import clock, streams
from node.models import Account, Follow, Mention, NotificationKind, Status, Tag, Visibility
from node.models.access import OPEN
from node.models.paged import one_id
from node.models.rows import Insert
from node.services.conversations import rows as conversations
from node.services.discovery import search
from node.services.notifications import telling as notifications
from node.services.statuses import ancestry, audience
from node.services.timelines import fanout
from node.store import Prepared, in_ids, param

MAX_TOLD = 50  # a status that names more people than this is spam


def _later(at: Any) -> Any:
    """What is fetched late was written before what is known."""
    return Case(None, [(Account.last_status_at > at, Account.last_status_at)], at)


_COUNT_STATUS = Prepared(
    lambda: Account.update(
        {Account.statuses_count: Account.statuses_count + 1, Account.last_status_at: _later(param("at"))}
    ).where(Account.id == param("account")),
    tuple,
)
_UNCOUNT_STATUSES = Prepared(
    lambda: Account.update({Account.statuses_count: Account.statuses_count - 1}).where(
        in_ids(Account.id, param("accounts")), Account.statuses_count > 0
    ),
    tuple,
)
_LOCAL = Prepared(
    lambda: Account.select(Account.id).where(in_ids(Account.id, param("ids")), Account.domain == ""), one_id
)
_BELLS = Prepared(
    lambda: Follow.select(Follow.account).where(
        Follow.target == param("author"), in_ids(Follow.account, param("readers")), Follow.notify
    ),
    one_id,
)
_INSERT_MENTION: Any = Insert(Mention, ignore=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """A status whose row, mentions, tags, media and poll are stored, and whom it concerns."""

    status: Status
    author: Account
    tags: list[Tag]
    told: list[int]  # local accounts that it names
    quiet: bool = False  # it is old: it takes its place, and nobody hears of it


def local_among(account_ids: "tuple[int, ...] | list[int]") -> list[int]:
    return _LOCAL.all(ids=list(account_ids)) if account_ids else []


def mention(status_id: int, account_ids: "tuple[int, ...] | list[int]", *, silent: bool = False) -> None:
    for account_id in dict.fromkeys(account_ids):
        _INSERT_MENTION.run(status=status_id, account=account_id, silent=silent)


def settle(arrival: Arrival) -> None:
    """Counters, thread, feeds, notifications, conversations, search and live events of a new status."""
    status, author = arrival.status, arrival.author
    if status.in_reply_to_id is not None and is_counted(status):
        ancestry.count_reply(status.in_reply_to_id)
    ancestry.adopt_orphans(status)
    if not arrival.quiet:
        count(status)  # what is old is among those that its server has counted
    homes = fanout.distribute(status, local=author.is_local, tagged=bool(arrival.tags))
    told = [] if arrival.quiet else arrival.told[:MAX_TOLD]
    for account_id in told:
        notifications.notify(account_id, NotificationKind.MENTION, author.id, status_id=status.id)
    if not arrival.quiet:
        _ring_bells(status, homes, told)
    if status.visibility == Visibility.DIRECT:
        conversations.record(status, author)
    if author.is_local or arrival.told or (author.indexable and status.visibility == Visibility.PUBLIC):
        search.add(status)
    if not arrival.quiet and (topics := audience.topics(status, author, arrival.tags, homes)):
        streams.publish(topics, "update", status.id)


def settle_boost(boost: Status, author: Account) -> None:
    """The same for a boost."""
    count(boost)
    homes = fanout.distribute(boost, local=author.is_local, tagged=False)
    if topics := audience.topics(boost, author, (), homes):
        streams.publish(topics, "update", boost.id)


def _ring_bells(status: Status, homes: list[int], told: list[int]) -> None:
    """Some followers asked to be told of each status, answers to others left out."""
    answers_others = status.in_reply_to_uri != "" and status.in_reply_to_account_id != status.account_id
    if not homes or answers_others or status.visibility == Visibility.DIRECT:
        return
    for account_id in _BELLS.all(author=status.account_id, readers=homes):
        if account_id not in told:
            notifications.notify(account_id, NotificationKind.STATUS, status.account_id, status_id=status.id)


def is_counted(status: Status) -> bool:
    """Numbers that everybody sees must not tell of what only some may see (docs/threat-model.md)."""
    return status.visibility in OPEN and not status.local_only


def count(status: Status) -> None:
    """One more status of its author."""
    if is_counted(status):
        _COUNT_STATUS.run(account=status.account_id, at=min(status.created_at, clock.now_ms()))


def uncount(account_ids: list[int]) -> None:
    """One status less, for each of these accounts."""
    if account_ids:
        _UNCOUNT_STATUSES.run(accounts=account_ids)
