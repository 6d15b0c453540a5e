"""Boosts: a status of somebody else, shown again under an id of its own. One for each account and status."""

from functools import partial
from typing import Any

from node import clock, ids, jobs, site, streams
from node.errors import Invalid, NotFound
from node.jobs import JobKind
from node.models import Account, Act, ApprovalKind, Feed, Follow, NotificationKind, Status, Visibility
from node.models.access import OPEN
from node.models.rows import Insert, columns, row_of
from node.paging import Page
from node.services import completion
from node.services.approvals import answers, policies
from node.services.approvals import rows as approvals
from node.services.notifications import telling as notifications
from node.services.organisations import deeds
from node.services.statuses import arrival, audience
from node.services.statuses.loading import NOT_FOUND, account_by_id, by_uri, get_original, visible_ids
from node.services.statuses.tombstones import bury, is_buried
from node.store import Prepared, param

_INSERT = Insert(Status, ignore=True)
_BY_ACCOUNT = Prepared(
    lambda: Status.select(*columns(Status)).where(
        Status.account == param("account"), Status.reblog_of == param("status")
    ),
    row_of(Status),
)
_COUNT = Prepared(
    lambda: Status.update({Status.reblogs_count: Status.reblogs_count + param("by")}).where(
        Status.id == param("status")
    ),
    tuple,
)


def of_account(account_id: int, status_id: int) -> Status | None:
    """The boost of a status by an account."""
    return _BY_ACCOUNT.first(account=account_id, status=status_id)


def add(account_id: int, status_id: int, visibility: Visibility | None = None, *, by: int | None = None) -> Status:
    """Boost an open status, or an own one for followers; the boost. Boosting twice answers with the first.

    `by` is the account of who does it, where that is a member of an organisation.
    """
    original = get_original(account_id, status_id)
    before = of_account(account_id, original.id)
    if before is not None:
        return before
    if not _may_boost(account_id, original):
        raise (
            NotFound(NOT_FOUND)
            if original.visibility == Visibility.DIRECT
            else Invalid("Posts for followers can be boosted by their author only.")
        )
    waits = original.policy != "" and policies.asks_to_reblog(original, account_id)
    if original.policy and not waits and not policies.may_reblog(original, account_id):
        raise Invalid("Its author does not let you boost this post.")
    booster = account_by_id(account_id)
    boost_id = ids.new_id()
    shown_to = visibility if visibility in (*OPEN, Visibility.PRIVATE) else Visibility.PUBLIC
    boost = _make(
        booster,
        original,
        waits=waits,
        id=boost_id,
        uri=f"{site.status_uri(account_id, boost_id)}/activity",
        url=original.url,
        local=True,
        local_only=original.local_only,
        visibility=str(Visibility.PRIVATE if original.visibility == Visibility.PRIVATE else shown_to),
        created_at=clock.now_ms(),
    )
    if boost is None:  # another unit was first
        return _BY_ACCOUNT.all(account=account_id, status=original.id)[0]
    if not boost.local_only and (not original.local or audience.has_remote_follower(account_id)):
        jobs.enqueue(JobKind.SEND_REBLOG, boost.id)
    if not original.local:
        completion.begin(original.id)  # whoever takes part wants to know what was said
    deeds.record(account_id, by, Act.BOOSTED, status_id=boost.id)
    return boost


def remove(account_id: int, status_id: int) -> Status:
    """Take a boost back, if there is one; the boosted status. `status_id` may be the boost's own."""
    original = get_original(account_id, status_id)
    boost = of_account(account_id, original.id)
    if boost is None:
        return original
    withdraw(boost, original)
    return original


def withdraw(boost: Status, original: Status) -> None:
    """Remove a boost by somebody here, and tell whoever heard of it."""
    tell_of_end(boost, original)
    erase(boost)


def tell_of_end(boost: Status, original: Status) -> None:
    """Others hear that a boost by somebody here, which is about to be removed, is taken back."""
    if not boost.local_only and (not original.local or audience.has_remote_follower(boost.account_id)):
        payload = {
            "account_id": boost.account_id,
            "uri": boost.uri,
            "object_uri": original.uri,
            "target_id": original.account_id,
            "visibility": boost.visibility,
        }
        jobs.enqueue(JobKind.SEND_UNREBLOG, boost.id, payload=payload)


def receive(
    booster: Account,
    status_id: int,
    *,
    uri: str,
    visibility: Visibility = Visibility.PUBLIC,
    created_at: int | None = None,
    request_uri: str = "",
) -> Status | None:
    """A remote account boosted a status that is known here; None if it may not, took it back, or concerns nobody.

    It is answered if it asked, or if not everybody may.
    """
    original = Status.get_or_none(Status.id == status_id)
    if original is None or booster.is_gone or not _may_boost(booster.id, original) or original.local_only:
        return None
    if original.reblog_of is not None or not visible_ids(booster.id, [original.id]):
        return None
    if original.local and original.policy and not policies.may_reblog(original, booster.id):
        answers.refuse(original, booster.id, ApprovalKind.REBLOG, uri, request_uri)
        return None
    if is_buried(uri, booster.uri):
        return None
    if not original.local and not _is_followed_here(booster.id):
        return None
    now = clock.now_ms()
    at = min(created_at if created_at is not None else now, now)
    make = partial(
        _make,
        booster,
        original,
        uri=uri,
        url=original.url,
        local=False,
        visibility=str(Visibility.PRIVATE if original.visibility == Visibility.PRIVATE else visibility),
        created_at=at,
        fetched_at=now,
    )
    for an_id in ids.drawn_at(at):
        made = make(id=an_id)
        boost = made or of_account(booster.id, original.id)
        if boost is not None or by_uri(uri) is not None:
            # Whoever asked before it was sent was answered then.
            if request_uri or made is not None:
                _answer(original, boost, uri, request_uri)
            return boost
    return None


def _answer(original: Status, boost: Status | None, uri: str, request_uri: str) -> None:
    if boost is None or boost.uri != uri or not original.local:
        return
    if request_uri or policies.restricts(policies.read(original.policy).reblog):
        answers.agree(original, boost.account_id, ApprovalKind.REBLOG, boost.id, boost.uri, request_uri)


def undo_received(booster: Account, *, uri: str = "", status_id: int | None = None, remember: bool = True) -> bool:
    """A remote account took a boost back, named by its own uri or by what was boosted. Unknown, it is remembered."""
    boost = Status.get_or_none(Status.uri == uri) if uri else None
    if boost is None and status_id is not None:
        boost = of_account(booster.id, status_id)
    if boost is None:
        if uri and remember:
            bury(uri, booster.uri)
        return False
    if boost.account_id != booster.id or boost.reblog_of is None:
        return False
    _take_away(boost, booster)  # it may come again under the same id, as what else was undone
    return True


def erase(boost: Status) -> None:
    """Remove a boost's row and all traces of it, for good."""
    booster = account_by_id(boost.account_id)
    _take_away(boost, booster)
    bury(boost.uri, booster.uri)


def _take_away(boost: Status, booster: Account) -> None:
    holders = [row.account_id for row in Feed.select(Feed.account).where(Feed.status == boost.id)]
    if topics := audience.topics(boost, booster, (), holders):
        streams.publish(topics, "delete", boost.id)
    notifications.withdraw(NotificationKind.REBLOG, boost.account_id, boost.reblog_of)
    if Status.delete().where(Status.id == boost.id).execute():
        if arrival.is_counted(boost):
            arrival.uncount([boost.account_id])
        if boost.visibility in OPEN:
            _COUNT.run(status=boost.reblog_of, by=-1)


def accounts(viewer_id: int | None, status_id: int, page: Page) -> list[tuple[int, int]]:
    """(id of the boost, account id) of those who boosted a status, newest first, as far as the viewer may know."""
    original = get_original(viewer_id, status_id)
    query = Status.select(Status.id, Status.account).where(
        Status.reblog_of == original.id, Status.visibility.in_(OPEN)
    )
    rows = page.of(query, Status.id)
    readable = set(visible_ids(viewer_id, [row.id for row in rows]))
    return [(row.id, row.account_id) for row in rows if row.id in readable]


def _make(booster: Account, original: Status, *, waits: bool = False, **values: Any) -> Status | None:
    """One that `waits` is a message to whom it boosts, until it may be more."""
    held = values["visibility"]
    if waits:
        values["visibility"] = str(Visibility.DIRECT)
    boost = Status(account=booster.id, reblog_of=original.id, **values)
    if not _INSERT.run(**boost.__data__):
        return None
    if waits:
        approvals.add(ApprovalKind.REBLOG, boost, original, held=held)
    else:
        begin(boost, booster, original)
    return boost


def begin(boost: Status, booster: Account, original: Status) -> None:
    """What follows once it may be seen."""
    # Numbers that everybody sees must not tell of what only some may see.
    if boost.visibility in OPEN:
        _COUNT.run(status=original.id, by=1)
    arrival.settle_boost(boost, booster)
    if original.local:
        notifications.notify(original.account_id, NotificationKind.REBLOG, booster.id, status_id=original.id)


def _may_boost(account_id: int, original: Status) -> bool:
    is_own = original.account_id == account_id
    return original.visibility in OPEN or (is_own and original.visibility == Visibility.PRIVATE)


def _is_followed_here(account_id: int) -> bool:
    follower = Account.alias()
    query = Follow.select(Follow.id).join(follower, on=(follower.id == Follow.account))
    return query.where(Follow.target == account_id, follower.domain == "").exists()
