"""Favourites, here and from elsewhere."""

from typing import Any

from node import clock, ids, jobs
from node.errors import Invalid
from node.jobs import JobKind
from node.models import Account, ApprovalKind, Favourite, NotificationKind, Status
from node.models.access import present
from node.models.paged import Paged
from node.models.rows import Insert, columns, row_of
from node.paging import Page
from node.services import completion
from node.services.approvals import answers, policies
from node.services.approvals import rows as approvals
from node.services.discovery import search
from node.services.notifications import telling as notifications
from node.services.statuses.loading import by_id, get_original, visible_ids
from node.services.statuses.tombstones import bury, is_buried
from node.store import Prepared, param

_INSERT = Insert(Favourite, ignore=True)
_GET = Prepared(
    lambda: Favourite.select(*columns(Favourite)).where(
        Favourite.account == param("account"), Favourite.status == param("status")
    ),
    row_of(Favourite),
)
_COUNT = Prepared(
    lambda: Status.update({Status.favourites_count: Status.favourites_count + param("by")}).where(
        Status.id == param("status")
    ),
    tuple,
)
_OF_STATUS: Paged[Any] = Paged(
    lambda: (
        Favourite.select(Favourite.id, Favourite.account)
        .join(Account, on=(Account.id == Favourite.account))
        .where(Favourite.status == param("status"), present(Account))
    ),
    Favourite.id,
    lambda row_id, account_id: (int(row_id), int(account_id)),
)


def add(account_id: int, status_id: int) -> Status:
    """Favourite a status that the account may read; the status. Twice is once."""
    status = get_original(account_id, status_id)
    if status.policy and not policies.may_favourite(status, account_id):
        raise Invalid("Its author does not let you favourite this post.")
    favourite = _make(account_id, status, "")
    if favourite is None:
        return status
    if status.local:
        notifications.notify(status.account_id, NotificationKind.FAVOURITE, account_id, status_id=status.id)
    else:
        search.add_by_id(status.id)
        jobs.enqueue(JobKind.SEND_FAVOURITE, favourite)
        completion.begin(status.id)  # whoever takes part wants to know what was said
    return get_original(account_id, status.id)


def remove(account_id: int, status_id: int) -> Status:
    status = get_original(account_id, status_id)
    favourite = _GET.first(account=account_id, status=status.id)
    if favourite is None:
        return status
    if not status.local:
        payload = {
            "account_id": account_id,
            "favourite_id": favourite.id,
            "object_uri": status.uri,
            "target_id": status.account_id,
        }
        jobs.enqueue(JobKind.SEND_UNFAVOURITE, favourite.id, payload=payload)
    _erase(favourite)
    return get_original(account_id, status.id)


def receive(account: Account, status_id: int, *, uri: str = "", request_uri: str = "") -> bool:
    """A remote account favourited a status that it may read, or asks to; whether that is new.

    It is answered if it asked, or if not everybody may.
    """
    if account.is_gone or not visible_ids(account.id, [status_id]):
        return False
    if uri and is_buried(uri, account.uri):
        return False
    status = Status.get_by_id(status_id)
    if status.local and status.policy and not policies.may_favourite(status, account.id):
        answers.refuse(status, account.id, ApprovalKind.FAVOURITE, uri, request_uri)
        return False
    if status.reblog_of is not None:
        return False
    made = _make(account.id, status, uri)
    if status.local and (
        request_uri or (made is not None and policies.restricts(policies.read(status.policy).favourite))
    ):
        _agree(account, status, request_uri)
    if made is None:
        return False
    if status.local:
        notifications.notify(status.account_id, NotificationKind.FAVOURITE, account.id, status_id=status.id)
    return True


def _agree(account: Account, status: Status, request_uri: str) -> None:
    favourite = _GET.first(account=account.id, status=status.id)
    if favourite is not None and favourite.uri:
        answers.agree(status, account.id, ApprovalKind.FAVOURITE, favourite.id, favourite.uri, request_uri)


def agreed_elsewhere(author: Account, favourite_id: int, stamp: str) -> None:
    """`author` lets somebody here favourite a post, who had to ask: now it is told, with the stamp."""
    found = _asked_of(author, favourite_id)
    if found is None or approvals.is_taken_back(stamp, author):
        return
    is_new = Favourite.update(stamp_uri=stamp).where(Favourite.id == favourite_id, Favourite.stamp_uri != stamp)
    if policies.asks_to_favourite(found[1], found[0].account_id) and is_new.execute():
        jobs.enqueue(JobKind.SEND_FAVOURITE, favourite_id, payload={"stamp": stamp}, once=True)


def refused_elsewhere(author: Account, favourite_id: int) -> None:
    """`author` does not want it; so it is not there."""
    found = _asked_of(author, favourite_id)
    if found is not None:
        _erase(found[0])


def _asked_of(author: Account, favourite_id: int) -> tuple[Favourite, Status] | None:
    """A favourite by somebody here of a post that `author` wrote elsewhere. Others' have a uri of their own."""
    favourite: Favourite | None = Favourite.get_or_none(Favourite.id == favourite_id)
    status = by_id(favourite.status_id) if favourite is not None else None
    if favourite is None or status is None or favourite.uri or status.account_id != author.id:
        return None
    return favourite, status


def undo_received(account: Account, *, uri: str = "", status_id: int | None = None, remember: bool = True) -> bool:
    """A remote account took a favourite back, named by its uri or by the status. Unknown, it is remembered."""
    favourite = None
    if status_id is not None:
        favourite = _GET.first(account=account.id, status=status_id)
    if favourite is None and uri:
        favourite = Favourite.get_or_none((Favourite.uri == uri) & (Favourite.account == account.id))
    if favourite is None:
        if uri and remember:
            bury(uri, account.uri)
        return False
    _erase(favourite)
    return True


def accounts(viewer_id: int | None, status_id: int, page: Page) -> list[tuple[int, int]]:
    """(row id, account id) of those who favourited a status that the viewer may read, newest first."""
    return _OF_STATUS.page(page, status=get_original(viewer_id, status_id).id)


def _make(account_id: int, status: Status, uri: str) -> int | None:
    favourite_id = ids.new_id()
    made = _INSERT.run(id=favourite_id, account=account_id, status=status.id, uri=uri, created_at=clock.now_ms())
    if not made:
        return None
    _COUNT.run(status=status.id, by=1)
    return favourite_id


def _erase(favourite: Favourite) -> None:
    if Favourite.delete().where(Favourite.id == favourite.id).execute():
        _COUNT.run(status=favourite.status_id, by=-1)
        notifications.withdraw(NotificationKind.FAVOURITE, favourite.account_id, favourite.status_id)
