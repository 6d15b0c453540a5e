"""Direct messages, as each of those who take part sees them."""

from typing import Any

from node import ids, streams
from node.errors import NotFound
from node.models import Account, Conversation, Mention, Status, Visibility
from node.models.access import blocked, readable
from node.models.paged import Paged, one_id
from node.models.rows import columns, row_of
from node.paging import Page
from node.store import Prepared, param

_PARTICIPANTS = Prepared(
    lambda: (
        Mention.select(Mention.account, (Account.domain == "") & ~blocked(Mention.account, param("author")))
        .join(Account, on=(Account.id == Mention.account))
        .where(Mention.status == param("status"))
    ),
    lambda account_id, listens: (int(account_id), bool(listens)),
)
_RECORD = Prepared(
    lambda: (
        Conversation.insert(
            {
                Conversation.id: param("id"),
                Conversation.account: param("account"),
                Conversation.thread: param("thread"),
                Conversation.participants: param("participants"),
                Conversation.last_status: param("status"),
                Conversation.unread: param("unread"),
            }
        )
        .on_conflict(
            conflict_target=[Conversation.account, Conversation.thread, Conversation.participants],
            update={Conversation.last_status: param("status"), Conversation.unread: param("unread")},
        )
        .returning(Conversation.id)
    ),
    one_id,
)
_PAGE: Paged[Any] = Paged(
    lambda: Conversation.select(*columns(Conversation)).where(
        Conversation.account == param("account"), readable(Conversation.last_status, param("account"))
    ),
    Conversation.last_status,
    row_of(Conversation),
)


def record(status: Status, author: Account) -> None:
    """A direct message was written: it is the last of the conversation of each local participant who may read it."""
    people = dict(_PARTICIPANTS.all(status=status.id, author=author.id))
    people[author.id] = author.is_local
    for account_id, listens in people.items():
        if not listens:
            continue
        made = _RECORD.all(
            id=ids.new_id(),
            account=account_id,
            thread=status.thread_id,
            participants=",".join(str(other) for other in sorted(people) if other != account_id),
            status=status.id,
            unread=account_id != author.id,
        )
        streams.publish((f"direct:{account_id}",), "conversation", made[0])


def page(account_id: int, page: Page) -> list[Conversation]:
    """By their last status, the newest first; pages are counted by `last_status_id`."""
    return _PAGE.page(page, account=account_id)


def participant_ids(conversation: Conversation) -> list[int]:
    return [int(number) for number in conversation.participants.split(",") if number]


def get(account_id: int, conversation_id: int) -> Conversation:
    row = Conversation.get_or_none((Conversation.id == conversation_id) & (Conversation.account == account_id))
    if row is None:
        raise NotFound("Record not found")
    return row


def read(account_id: int, conversation_id: int, *, unread: bool = False) -> Conversation:
    """Mark as read, or as unread again."""
    conversation = get(account_id, conversation_id)
    Conversation.update(unread=unread).where(Conversation.id == conversation.id).execute()
    conversation.unread = unread
    return conversation


def remove(account_id: int, conversation_id: int) -> None:
    """Out of this account's sight; the statuses stay."""
    Conversation.delete().where(Conversation.id == get(account_id, conversation_id).id).execute()


def forget(status_id: int) -> None:
    """Before a status is deleted: the conversations that end with it end with the one before."""
    for conversation in Conversation.select().where(Conversation.last_status == status_id):
        people = {*participant_ids(conversation), conversation.account_id}
        before = (
            Status.select(Status.id, Status.account)
            .where(
                Status.thread == conversation.thread_id,
                Status.visibility == Visibility.DIRECT,
                Status.id != status_id,
                Status.account.in_(sorted(people)),
            )
            .order_by(Status.id.desc())
        )
        for candidate in before.limit(40):
            mentioned = Mention.select().where(Mention.status == candidate.id)
            if {candidate.account_id, *(row.account_id for row in mentioned)} == people:
                Conversation.update(last_status=candidate.id).where(Conversation.id == conversation.id).execute()
                break
        else:
            Conversation.delete().where(Conversation.id == conversation.id).execute()
