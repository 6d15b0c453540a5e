"""Servers whose people ceased to follow somebody here: they are told no news, but of what they got, that it is deleted,
and if it is for everybody, that it was edited.

To remember for each post where it went would be a row for each post and server: a million a day for an account with a
thousand servers and a thousand posts. When the last follower of a server left is one row, and says the same.
"""

from typing import Any

from peewee import Case

from node import clock, ids
from node.models import Account, Block, Parting, Status
from node.models.access import present
from node.store import Prepared, param

# Whoever kept a post for so long without anybody who follows its author has most likely tidied it away.
KEPT_MS = 365 * clock.DAY
MOST_TOLD = 2_000

_LEFT = Prepared(
    lambda: Account.select(
        Account.domain, Case(None, [(Account.shared_inbox != "", Account.shared_inbox)], Account.inbox)
    ).where(Account.id == param("follower"), Account.domain != "", present(Account)),
    lambda domain, inbox: (str(domain), str(inbox)),
)
_NOTE = Prepared(
    lambda: Parting.insert(
        {
            Parting.id: param("id"),
            Parting.account: param("account"),
            Parting.domain: param("domain"),
            Parting.inbox: param("inbox"),
            Parting.parted_at: param("at"),
        }
    ).on_conflict(conflict_target=[Parting.account, Parting.domain], preserve=[Parting.inbox, Parting.parted_at]),
    tuple,
)


def _since() -> Any:
    return (
        Parting.select(Parting.inbox)
        .where(Parting.account == param("account"), Parting.parted_at >= param("at"))
        .order_by(Parting.parted_at.desc())
        .limit(MOST_TOLD)
    )


_SINCE = Prepared(_since, str)


def _parted_by_block() -> Any:
    account = param("account")
    blocks = Block.select(Block.target).where(Block.account == account)
    blocked = Block.select(Block.account).where(Block.target == account)
    return Account.select(Account.inbox).where(Account.id.in_(blocks) | Account.id.in_(blocked), Account.domain != "")


_PARTED_BY_BLOCK = Prepared(_parted_by_block, str)


def note(follower_id: int, account_id: int) -> None:
    """Somebody does not follow `account_id` any more. Of people here nothing is kept."""
    left = _LEFT.first(follower=follower_id)
    if left is not None and left[1]:
        domain, inbox = left
        _NOTE.run(id=ids.new_id(), account=account_id, domain=domain, inbox=inbox, at=clock.now_ms())


def inboxes(status: Status) -> list[str]:
    """Where a post of somebody here may be kept because somebody there followed its author then."""
    return _SINCE.all(account=status.account_id, at=status.created_at)


def inboxes_of_readers(status: Status) -> list[str]:
    """The same without the own inboxes of those who block its author or are blocked: they do not see each other."""
    found = inboxes(status)
    blocked = frozenset(_PARTED_BY_BLOCK.all(account=status.account_id)) if found else frozenset()
    return [inbox for inbox in found if inbox not in blocked]


def forget_old() -> int:
    count: int = Parting.delete().where(Parting.parted_at < clock.now_ms() - KEPT_MS).execute()
    return count
