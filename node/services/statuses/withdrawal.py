"""A status leaves every place where it was seen: because it goes, or because only a few may read it from now on."""

from collections import defaultdict

from node import streams
from node.models import Account, Feed, Status, StatusTag, Tag, Visibility
from node.models import search as index
from node.services.approvals import rows as approvals
from node.services.interactions import reblogs
from node.services.statuses import ancestry, arrival, audience
from node.services.statuses.loading import account_by_id
from node.services.timelines import live
from node.store import in_ids


def withdraw(status: Status, author: Account) -> None:
    """Streams and numbers lose it and its boosts. Its row, with all that hangs on it, is the caller's to end."""
    columns = (Status.id, Status.account, Status.visibility, Status.local_only)
    boosts = list(Status.select(*columns).where(Status.reblog_of == status.id))
    _announce(status, author, [boost.id for boost in boosts])
    approvals.uncount_quote(status)
    if arrival.is_counted(status):
        arrival.uncount([status.account_id])
        if status.in_reply_to_id is not None:
            ancestry.count_reply(status.in_reply_to_id, by=-1)
    arrival.uncount([boost.account_id for boost in boosts if arrival.is_counted(boost)])


def hide(status: Status) -> None:
    """From now on it is a message to whom it names; boosts of it end, and whoever heard of those of ours is told."""
    if status.visibility == Visibility.DIRECT:
        return
    withdraw(status, account_by_id(status.account_id))
    for boost in Status.select().where(Status.reblog_of == status.id, Status.local):
        reblogs.tell_of_end(boost, status)
    Status.delete().where(Status.reblog_of == status.id).execute()
    Feed.delete().where(Feed.status == status.id).execute()
    index.remove(status.id)
    changes = {"visibility": str(Visibility.DIRECT), "reblogs_count": 0, "version": Status.version + 1}
    Status.update(changes).where(Status.id == status.id).execute()


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
