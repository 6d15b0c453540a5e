"""Statuses that stand on their author's profile, ahead of all others."""

from node import clock, jobs
from node.errors import Invalid
from node.jobs import JobKind
from node.models import Account, Pin, Status, Visibility
from node.models.rows import Insert
from node.services.community import settings
from node.services.statuses import audience
from node.services.statuses.loading import own, visible_ids
from node.speech import said

MAX_REMOTE = 20
NO_DIRECT = "A direct message cannot be pinned."
TOO_MANY = "You have pinned %(limit)s posts already, which is as many as there can be."

_INSERT = Insert(Pin, ignore=True)


def add(account_id: int, status_id: int) -> Status:
    """Pin an own status. Invalid for boosts, direct messages, and beyond the limit."""
    status = own(account_id, status_id)
    if status.reblog_of is not None:
        raise Invalid("A boost cannot be pinned.")
    if status.visibility == Visibility.DIRECT:
        raise Invalid(NO_DIRECT)
    if Pin.get_or_none(Pin.status == status.id) is not None:
        return status
    limit = settings.current().max_pins
    if Pin.select().where(Pin.account == account_id).count() >= limit:
        raise Invalid(said(TOO_MANY, limit=limit))
    _INSERT.run(account=account_id, status=status.id, created_at=clock.now_ms())
    _tell_peers(JobKind.SEND_PIN, status)
    return status


def remove(account_id: int, status_id: int) -> Status:
    status = own(account_id, status_id)
    if Pin.delete().where(Pin.status == status.id).execute():
        _tell_peers(JobKind.SEND_UNPIN, status)
    return status


def of_account(viewer_id: int | None, account_id: int) -> list[int]:
    """Ids of the pinned statuses that the viewer may read, the last pinned first."""
    rows = Pin.select(Pin.status).where(Pin.account == account_id).order_by(Pin.id.desc())
    return visible_ids(viewer_id, [row.status_id for row in rows])


def receive_add(account: Account, status_id: int) -> bool:
    """A remote account pinned a status of its own that is known here."""
    return _receive(account, status_id)


def receive_remove(account: Account, status_id: int) -> bool:
    return bool(Pin.delete().where(Pin.account == account.id, Pin.status == status_id).execute())


def replace_received(account: Account, status_ids: list[int]) -> None:
    """The whole of a remote account's featured collection, the first of it shown first."""
    Pin.delete().where(Pin.account == account.id, Pin.status.not_in(status_ids or [0])).execute()
    for status_id in reversed(status_ids[:MAX_REMOTE]):
        _receive(account, status_id)


def _receive(account: Account, status_id: int) -> bool:
    status = Status.get_or_none((Status.id == status_id) & (Status.account == account.id))
    if status is None or status.reblog_of is not None or status.visibility == Visibility.DIRECT:
        return False
    if Pin.select().where(Pin.account == account.id).count() >= MAX_REMOTE:
        return False
    return _INSERT.run(account=account.id, status=status.id, created_at=clock.now_ms())


def _tell_peers(kind: JobKind, status: Status) -> None:
    if audience.is_open(status) and not status.local_only and audience.has_remote_follower(status.account_id):
        jobs.enqueue(kind, payload={"account_id": status.account_id, "status_uri": status.uri})
