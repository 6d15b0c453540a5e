"""A status goes, with all that hangs on it, and stays gone: a tombstone is left (ActivityPub, 6.4)."""

from dataclasses import dataclass

from node import jobs
from node.errors import NotFound
from node.jobs import JobKind
from node.models import Account, Act, MediaAttachment, Status, Visibility
from node.services.approvals import quotes
from node.services.conversations import rows as conversations
from node.services.interactions import asked_reblogs, polls, reblogs
from node.services.interactions.polls import Option
from node.services.organisations import deeds
from node.services.servers import partings, relays
from node.services.statuses import arrival, audience, media, withdrawal
from node.services.statuses.loading import NOT_FOUND, account_by_id, by_id, by_uri
from node.services.statuses.tombstones import bury


@dataclass(frozen=True, kw_only=True, slots=True)
class DeletedStatus:
    """What is needed to write it once more: its source is in `status`, its media may be attached again."""

    status: Status
    media: list[MediaAttachment]
    poll_options: list[Option]
    poll_multiple: bool = False


def delete(account_id: int, status_id: int, by: int | None = None) -> DeletedStatus:
    """Delete an own status, or take an own boost back; NotFound for what is another's.

    `by` is the account of who does it, where that is a member of an organisation.
    """
    status = by_id(status_id)
    if status is None or status.account_id != account_id:
        raise NotFound(NOT_FOUND)
    deeds.record(account_id, by, Act.DELETED, status_id=status_id)
    original = by_id(status.reblog_of_id) if status.reblog_of_id is not None else None
    if original is not None:
        # Also of what one may not read any more: it is the boost that is one's own.
        reblogs.withdraw(status, original)
        return DeletedStatus(status=status, media=[], poll_options=[])
    return remove(status)


def remove(status: Status) -> DeletedStatus:
    """Delete a status by whatever right the caller has; tell everybody who may have a copy."""
    author = account_by_id(status.account_id)
    poll = polls.of_status(status.id)
    deleted = DeletedStatus(
        status=status,
        media=media.of_status(status.id),
        poll_options=polls.options_of(poll) if poll else [],
        poll_multiple=bool(poll and poll.multiple),
    )
    if status.local:
        _tell_peers(status)
        media.detach(status.id)
    _erase(status, author)
    return deleted


def receive_delete(author: Account, uri: str) -> bool:
    """`author`, elsewhere, deleted something. Unknown, it is remembered, so that it is dropped when it comes late."""
    status = by_uri(uri)
    if status is None:
        if quotes.receive_revocation(author, uri):
            asked_reblogs.stamp_taken_back(author, uri)
        else:
            bury(uri, author.uri)
        return False
    if status.account_id != author.id or status.local:
        return False
    if status.reblog_of is not None:
        reblogs.erase(status)
    else:
        _erase(status, author)
    return True


def _tell_peers(status: Status) -> None:
    """Who is to be told is written down now: afterwards nobody knows."""
    if status.local_only:
        return
    witnesses = audience.remote_witnesses(status)
    parted = partings.inboxes(status) if status.visibility != Visibility.DIRECT else []
    if (
        not witnesses
        and not parted
        and not relays.wants(status)
        and (status.visibility == Visibility.DIRECT or not audience.has_remote_follower(status.account_id))
    ):
        return
    payload = {
        "account_id": status.account_id,
        "uri": status.uri,
        "visibility": status.visibility,
        "account_ids": witnesses,
        "inboxes": parted,
    }
    jobs.enqueue(JobKind.SEND_DELETE, status.id, payload=payload)


def _erase(status: Status, author: Account) -> None:
    withdrawal.withdraw(status, author)
    quotes.forget_target(status)
    if status.visibility == Visibility.DIRECT:
        conversations.forget(status.id)
    # A tombstone says 410 to everybody: of a post of ours that not everybody could see, it would say that it was there.
    if not status.local or arrival.is_counted(status):
        bury(status.uri, author.uri)
    Status.delete().where(Status.id == status.id).execute()
