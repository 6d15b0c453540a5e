"""A status goes, with all that hangs on it, and stays gone: a tombstone is left (PROTOCOL.md 1.4)."""

from collections import defaultdict
from dataclasses import dataclass

from node import jobs, streams
from node.jobs import JobKind
from node.models import Account, Feed, MediaAttachment, Status, StatusTag, Tag, Visibility
from node.services.approvals import quotes
from node.services.conversations import rows as conversations
from node.services.interactions import asked_reblogs, polls, reblogs
from node.services.interactions.polls import Option
from node.services.servers import partings, relays
from node.services.statuses import ancestry, arrival, audience, media
from node.services.statuses.loading import account_by_id, by_uri, own
from node.services.statuses.tombstones import bury
from node.services.timelines import live
from node.store import in_ids


@dataclass(frozen=True, kw_only=True, slots=True)
class DeletedStatus:
    """What is needed to write it once more: its source is in `status`, its media may be attached again."""

    status: Status
    media: list[MediaAttachment]
    poll_options: list[Option]
    poll_multiple: bool = False


def delete(account_id: int, status_id: int) -> DeletedStatus:
    """Delete an own status, or take an own boost back; NotFound for what is another's."""
    status = own(account_id, status_id)
    if status.reblog_of is not None:
        reblogs.remove(account_id, status.reblog_of)
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
    columns = (Status.id, Status.account, Status.visibility, Status.local_only)
    boosts = list(Status.select(*columns).where(Status.reblog_of == status.id))
    _announce(status, author, [boost.id for boost in boosts])
    quotes.remove_of(status)
    quotes.forget_target(status)
    if status.visibility == Visibility.DIRECT:
        conversations.forget(status.id)
    if arrival.is_counted(status):
        arrival.uncount([status.account_id])
    arrival.uncount([boost.account_id for boost in boosts if arrival.is_counted(boost)])
    if status.in_reply_to_id is not None and arrival.is_counted(status):
        ancestry.count_reply(status.in_reply_to_id, by=-1)
    # A tombstone says 410 to everybody: of a post of ours that not everybody could see, it would say that it was there.
    if not status.local or arrival.is_counted(status):
        bury(status.uri, author.uri)
    Status.delete().where(Status.id == status.id).execute()


def _announce(status: Status, author: Account, boost_ids: list[int]) -> None:
    """Tell the streams that showed the status, or a boost of it."""
    homes = defaultdict(list)
    for row in Feed.select(Feed.account, Feed.status).where(in_ids(Feed.status, [status.id, *boost_ids])):
        homes[row.status_id].append(row.account_id)
    tags = Tag.select(Tag.key).join(StatusTag, on=(StatusTag.tag == Tag.id)).where(StatusTag.status == status.id)
    topics = audience.topics(status, author, list(tags), homes.pop(status.id, []))
    if topics:
        streams.publish(topics, "delete", status.id, live.MEMBERS if status.local_only else "")
    for boost_id, accounts in homes.items():
        streams.publish(tuple(f"user:{account_id}" for account_id in accounts), "delete", boost_id)
