"""Collections of accounts elsewhere, as their node shows them, and those of their members whose consent was seen."""

from collections.abc import Iterable
from dataclasses import dataclass

from node import clock
from node.models import Account, Collection, CollectionItem, ItemState
from node.models.rows import Insert
from node.services.collections import items, rows
from node.services.discovery import tags
from node.store import in_ids

MAX_COLLECTIONS = 50  # of one account
# A stamp that was seen is looked at again after so long.
STAMP_LASTS_MS = 7 * clock.DAY

_INSERT = Insert(Collection, ignore=True)


@dataclass(frozen=True, kw_only=True)
class CollectionFacts:
    """Parsed, limited, plain text."""

    uri: str
    url: str
    name: str
    description: str
    language: str
    sensitive: bool
    discoverable: bool
    hashtag: str
    created_at: int
    updated_at: int


@dataclass(frozen=True, kw_only=True)
class Member:
    """Of an account elsewhere the stamp was fetched and is true; somebody here has to have said yes to us."""

    account_id: int
    uri: str
    stamp_uri: str
    position: int
    is_local: bool


def receive(owner: Account, facts: CollectionFacts) -> Collection | None:
    """Make or renew it. None if it is somebody else's, or is one too many."""
    known = rows.by_uri(facts.uri)
    if owner.is_gone or owner.is_local:
        return None
    values = {
        "url": facts.url,
        "name": facts.name,
        "description": facts.description,
        "language": facts.language,
        "sensitive": facts.sensitive,
        "discoverable": facts.discoverable,
        "tag": tags.ensure(facts.hashtag).id if facts.hashtag else None,
        "updated_at": facts.updated_at,
    }
    if known is not None:
        if known.account_id != owner.id:
            return None
        Collection.update(**values).where(Collection.id == known.id).execute()
    elif Collection.select().where(Collection.account == owner.id).count() >= MAX_COLLECTIONS:
        return None
    else:
        _INSERT.run(account=owner.id, uri=facts.uri, created_at=facts.created_at, **values)
    return rows.by_uri(facts.uri)


def keep_listed(collection: Collection, listed: Iterable[str]) -> None:
    """Whoever was in it and is not named any more is out. Who said yes and was not listed yet may still be."""
    there = CollectionItem.select(CollectionItem.id, CollectionItem.uri).where(
        CollectionItem.collection == collection.id, CollectionItem.uri != ""
    )
    named = set(listed)
    gone = [row.id for row in there if row.uri not in named]
    if gone:
        CollectionItem.delete().where(in_ids(CollectionItem.id, gone), *_FORGETTABLE).execute()


# A refusal is remembered, listed or not.
_FORGETTABLE = (CollectionItem.state != ItemState.REVOKED,)


def place(collection: Collection, member: Member) -> None:
    """Where its node lists it."""
    row = rows.item_of(collection.id, member.account_id)
    if member.is_local:
        if row is not None and row.state == ItemState.ACCEPTED:
            rows.change_item(row, uri=member.uri, position=member.position)
        return
    seen = {
        "uri": member.uri,
        "stamp_uri": member.stamp_uri,
        "stamp_seen_at": clock.now_ms(),
        "position": member.position,
        "state": str(ItemState.ACCEPTED),
    }
    if row is not None:
        rows.change_item(row, **seen)
    elif rows.count(collection.id) < items.MAX_ITEMS_ELSEWHERE:
        rows.add_item(collection.id, member.account_id, **seen)


def displace(collection_uri: str, account_id: int) -> None:
    """Its stamp is not true, or not any more."""
    collection = rows.by_uri(collection_uri)
    row = rows.item_of(collection.id, account_id) if collection is not None else None
    if row is not None:
        CollectionItem.delete().where(CollectionItem.id == row.id).execute()


def is_fresh(collection_uri: str, account_id: int, stamp_uri: str) -> bool:
    """Whether this stamp of a member was seen a short while ago."""
    collection = rows.by_uri(collection_uri)
    row = rows.item_of(collection.id, account_id) if collection is not None else None
    if row is None or row.state != ItemState.ACCEPTED or row.stamp_uri != stamp_uri:
        return False
    return (row.stamp_seen_at or 0) > clock.now_ms() - STAMP_LASTS_MS


def take_out(owner: Account, collection_uri: str, item_uri: str) -> None:
    """`owner` removed a member. Its own stay for who refused to be in it."""
    collection = rows.by_uri(collection_uri)
    if collection is not None and collection.account_id == owner.id:
        there = (CollectionItem.collection == collection.id) & (CollectionItem.uri == item_uri)
        CollectionItem.delete().where(there, *_FORGETTABLE).execute()


def delete(owner: Account, uri: str) -> bool:
    """`owner` deleted what it calls `uri`; whether that was a collection that is known here.

    An Add that comes late brings nothing back: it is read from where it is not any more.
    """
    collection = rows.by_uri(uri)
    if collection is None or collection.account_id != owner.id or owner.is_local:
        return False
    Collection.delete().where(Collection.id == collection.id).execute()
    return True


def forget(uri: str) -> None:
    """It is not there any more, as its node says."""
    collection = rows.by_uri(uri)
    if collection is not None:
        Collection.delete().where(Collection.id == collection.id).execute()
