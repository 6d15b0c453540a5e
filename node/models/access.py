"""Who may see what, and who wants to: conditions that every query about statuses holds.

`viewer` is the account id of the reader, or 0 for somebody who is not signed in: no row has that id. Each condition
asks its table under a name of its own, because the query around it may read the same table.
"""

from typing import Any

import peewee
from peewee import fn

from node.models.account import Account
from node.models.relationship import AccountDomainBlock, Block, Follow, Mute
from node.models.status import Mention, Status, Visibility

OPEN = (Visibility.PUBLIC, Visibility.UNLISTED)

_ONE = peewee.SQL("1")


def exists(model: Any, *conditions: Any) -> Any:
    """A row of `model` for which all `conditions` hold."""
    return fn.EXISTS(model.select(_ONE).where(*conditions))


def present(author: Any) -> Any:
    """Neither suspended nor deleted."""
    return author.suspended_at.is_null() & author.deleted_at.is_null()


def follows(follower: Any, target: Any) -> Any:
    row = Follow.alias()
    return exists(row, row.account == follower, row.target == target)


def mentioned(account: Any, status: Any) -> Any:
    row = Mention.alias()
    return exists(row, row.status == status.id, row.account == account)


def blocked(one: Any, other: Any) -> Any:
    """Either blocks the other."""
    row, back = Block.alias(), Block.alias()
    return exists(row, row.account == one, row.target == other) | exists(
        back, back.account == other, back.target == one
    )


def kept_from_visitors(status: Any, author: Any, viewer: Any) -> Any:
    """Its author wants only those to read it who are signed in somewhere, and nobody is here."""
    reader: Any = viewer if isinstance(viewer, peewee.Node) else peewee.Value(viewer)
    return (reader == 0) & (
        ((status.visibility == Visibility.PUBLIC) & author.hides_public)
        | ((status.visibility == Visibility.UNLISTED) & author.hides_unlisted)
    )


def visible(status: Any, author: Any, viewer: Any, *, hides_blocked: bool = True) -> Any:
    """`viewer` may read `status`, which `author` wrote. Of a boost, ask for the boosted status as well.

    Without `hides_blocked` they may also read those whom they block themselves, and are only warned of them.
    """
    back = Block.alias()
    blocks = exists(back, back.account == status.account, back.target == viewer)
    reader = Account.alias()
    return present(author) & (
        (status.account == viewer)
        | (
            (
                status.visibility.in_(OPEN)
                | mentioned(viewer, status)
                | ((status.visibility == Visibility.PRIVATE) & follows(viewer, status.account))
            )
            & ~(blocked(viewer, status.account) if hides_blocked else blocks)
            & ~kept_from_visitors(status, author, viewer)
            & (~status.local_only | exists(reader, reader.id == viewer, reader.domain == ""))
        )
    )


def readable(status_id: Any, viewer: Any) -> Any:
    """The status of that id, which is no boost, is there for `viewer`."""
    status, author = Status.alias(), Account.alias()
    query = status.select(_ONE).join(author, on=(author.id == status.account))
    return fn.EXISTS(query.where(status.id == status_id, visible(status, author, viewer)))


def unwanted(author: Any, viewer: Any, now: Any) -> Any:
    """`viewer` sees nothing of `author` in timelines: blocked by either, muted, or of a domain it blocks."""
    return blocked(viewer, author.id) | muted(author, viewer, now)


def muted(author: Any, viewer: Any, now: Any) -> Any:
    """Muted, for now or for good, or of a domain that `viewer` blocks."""
    row = Mute.alias()
    lasts = row.expires_at.is_null() | (row.expires_at > now)
    return exists(row, row.account == viewer, row.target == author.id, lasts) | domain_blocked(viewer, author)


def domain_blocked(viewer: Any, author: Any) -> Any:
    row = AccountDomainBlock.alias()
    return exists(row, row.account == viewer, row.domain == author.domain)
