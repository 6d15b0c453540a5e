"""Threads whose news somebody does not want to hear."""

from node.models import Status, ThreadMute
from node.services.statuses import ancestry
from node.services.statuses.loading import get_original
from node.store import in_ids


def add(account_id: int, status_id: int) -> Status:
    """Mute the thread of a status that the account may read."""
    status = get_original(account_id, status_id)
    if status.thread_id is None:
        status.thread = ancestry.thread_of(f"{status.uri}#thread", None)
        Status.update(thread=status.thread_id).where(Status.id == status.id).execute()
    ThreadMute.insert(account=account_id, thread=status.thread_id).on_conflict_ignore().execute()
    return status


def remove(account_id: int, status_id: int) -> Status:
    status = get_original(account_id, status_id)
    ThreadMute.delete().where(ThreadMute.account == account_id, ThreadMute.thread == status.thread_id).execute()
    return status


def muted_among(account_id: int, thread_ids: list[int]) -> set[int]:
    """Those of `thread_ids` that the account has muted."""
    query = ThreadMute.select(ThreadMute.thread).where(
        ThreadMute.account == account_id, in_ids(ThreadMute.thread, thread_ids)
    )
    return {row.thread_id for row in query}
