"""Who hears of a status: the topics of live events, and whether anybody on another node is concerned."""

from typing import Any

from node.models import (
    Account,
    ActorKind,
    Approval,
    EmojiReaction,
    Favourite,
    Follow,
    ListMember,
    Mention,
    Poll,
    PollVote,
    Status,
    Tag,
    Visibility,
)
from node.models.access import OPEN
from node.models.paged import one_id
from node.services.servers import partings, relays
from node.store import Prepared, in_ids, param

_LISTS = Prepared(lambda: ListMember.select(ListMember.list).where(ListMember.account == param("account")), one_id)
_REMOTE_FOLLOWER = Prepared(
    lambda: (
        Follow.select(Follow.id)
        .join(Account, on=(Account.id == Follow.account))
        .where(Follow.target == param("account"), Account.domain != "")
        .limit(1)
    ),
    one_id,
)
_REMOTE_MENTION = Prepared(
    lambda: (
        Mention.select(Mention.id)
        .join(Account, on=(Account.id == Mention.account))
        .where(Mention.status == param("status"), Account.domain != "")
        .limit(1)
    ),
    one_id,
)
_REMOTE = Prepared(
    lambda: Account.select(Account.id).where(Account.id == param("account"), Account.domain != ""), one_id
)


def _groups() -> Any:
    boost = Status.alias()
    return (
        Status.select(Status.thread, boost.account)
        .distinct()
        .join(boost, on=(boost.reblog_of == Status.id))
        .join(Account, on=(Account.id == boost.account))
        .where(
            in_ids(Status.thread, param("threads")),
            Status.in_reply_to_uri == "",
            Status.in_reply_to.is_null(),
            Account.kind == ActorKind.GROUP,
        )
        .limit(_MOST_GROUPS)
    )


_MOST_GROUPS = 10
_GROUPS = Prepared(_groups, lambda thread_id, account_id: (int(thread_id), int(account_id)))


def topics(status: Status, author: Account, tags: "list[Tag] | tuple[Tag, ...]", homes: list[int]) -> tuple[str, ...]:
    """Of a status that was just made, or deleted; `homes` are the accounts whose feeds have it."""
    found = [f"user:{account_id}" for account_id in homes]
    if status.visibility != Visibility.DIRECT:
        found += [f"list:{list_id}" for list_id in _LISTS.all(account=author.id)]
    if status.visibility == Visibility.PUBLIC and status.reblog_of is None and author.silenced_at is None:
        found += [f"hashtag:{tag.key}" for tag in tags]
        if author.is_local:
            found += [f"hashtag:local:{tag.key}" for tag in tags]
        if status.in_reply_to_uri == "" or status.in_reply_to_account_id == author.id:
            found += ["public", "public:local" if author.is_local else "public:remote"]
    return tuple(found)


def has_remote_follower(account_id: int) -> bool:
    return _REMOTE_FOLLOWER.first(account=account_id) is not None


def concerns_remote(status: Status) -> bool:
    """Somebody on another node may get this local status."""
    if status.local_only:
        return False
    if relays.wants(status):
        return True
    if _REMOTE_MENTION.first(status=status.id) is not None:
        return True
    if is_open(status) and status.in_reply_to_account_id is not None and _is_remote(status.in_reply_to_account_id):
        return True
    if status.visibility != Visibility.DIRECT and has_remote_follower(status.account_id):
        return True
    return is_open(status) and status.in_reply_to_id is not None and bool(groups_of([status.thread_id or 0]))


def is_kept_elsewhere(status: Status) -> bool:
    """Somebody on another node may hold a copy of this local status: who gets it, got it before, or took part."""
    if status.local_only:
        return False
    if concerns_remote(status) or remote_witnesses(status):
        return True
    return is_open(status) and bool(partings.inboxes_of_readers(status))


def _is_remote(account_id: int) -> bool:
    return _REMOTE.first(account=account_id) is not None


def is_open(status: Status) -> bool:
    """Public or unlisted: anybody may see and boost it."""
    return status.visibility in OPEN


def groups_of(thread_ids: list[int]) -> list[tuple[int, int]]:
    """(thread, account) of the groups that passed on what began a thread: its answers are for them too."""
    return _GROUPS.all(threads=thread_ids) if thread_ids else []


def remote_witnesses(status: Status) -> list[int]:
    """Remote accounts besides followers that may hold a copy: named in it, answered or quoted by it, or who did anything
    with it."""
    ids: set[int] = set()
    queries: list[Any] = [
        Mention.select(Mention.account).where(Mention.status == status.id),
        Status.select(Status.account).where((Status.in_reply_to == status.id) | (Status.reblog_of == status.id)),
        Favourite.select(Favourite.account).where(Favourite.status == status.id),
        EmojiReaction.select(EmojiReaction.account).where(EmojiReaction.status == status.id),
        PollVote.select(PollVote.account).join(Poll, on=(Poll.id == PollVote.poll)).where(Poll.status == status.id),
        Status.select(Status.account)
        .join(Approval, on=(Approval.status == Status.id))
        .where(Approval.target == status.id),
        # Whom it quotes was asked, with the whole of it.
        Approval.select(Approval.account).where(Approval.status == status.id, Approval.account.is_null(False)),
    ]
    # Whom a private post answers has got it only if it names them.
    if status.in_reply_to_account_id is not None and is_open(status):
        ids.add(status.in_reply_to_account_id)
    if status.in_reply_to_id is not None and status.thread_id is not None and is_open(status):
        ids.update(account_id for _, account_id in groups_of([status.thread_id]))
    for query in queries:
        ids.update(account_id for (account_id,) in query.tuples())
    remote = Account.select(Account.id).where(in_ids(Account.id, sorted(ids)), Account.domain != "")
    return sorted(row.id for row in remote) if ids else []
