"""The rows of collections and of their members: finding, counting, numbering."""

from typing import Any

from peewee import fn

from node import clock, ids, site
from node.errors import NotFound
from node.models import Account, Collection, CollectionItem, ItemState
from node.models.access import blocked, present
from node.models.paged import one_id
from node.models.rows import Insert, columns, row_of
from node.store import Prepared, in_ids, param

NOT_FOUND = "Record not found"
IN_USE = (ItemState.PENDING, ItemState.ACCEPTED)

_BY_ID = Prepared(
    lambda: Collection.select(*columns(Collection)).where(Collection.id == param("id")), row_of(Collection)
)
_BY_URI = Prepared(
    lambda: Collection.select(*columns(Collection)).where(Collection.uri == param("uri")), row_of(Collection)
)
_ITEM = Prepared(
    lambda: CollectionItem.select(*columns(CollectionItem)).where(CollectionItem.id == param("id")),
    row_of(CollectionItem),
)
_ITEM_OF = Prepared(
    lambda: CollectionItem.select(*columns(CollectionItem)).where(
        (CollectionItem.collection == param("collection")) & (CollectionItem.account == param("account"))
    ),
    row_of(CollectionItem),
)
_MEMBERS_ELSEWHERE = Prepared(
    lambda: (
        CollectionItem.select(CollectionItem.account)
        .join(Account, on=(Account.id == CollectionItem.account))
        .where(
            CollectionItem.collection == param("collection"),
            CollectionItem.state == ItemState.ACCEPTED,
            Account.domain != "",
        )
    ),
    one_id,
)
_INSERT_ITEM = Insert(CollectionItem, ignore=True)


def _visible(one: Any) -> Any:
    """There for the reader: its owner is there, and neither blocks the other."""
    reader = param("reader")
    return (
        Collection.select(*columns(Collection))
        .join(Account, on=(Account.id == Collection.account))
        .where(one, present(Account), ~blocked(reader, Account.id))
    )


_VISIBLE = Prepared(lambda: _visible(Collection.id == param("id")), row_of(Collection))
_ALL_VISIBLE = Prepared(lambda: _visible(in_ids(Collection.id, param("ids"))), row_of(Collection))


def by_id(collection_id: int) -> Collection | None:
    return _BY_ID.first(id=collection_id)


def by_uri(uri: str) -> Collection | None:
    return _BY_URI.first(uri=uri)


def visible(reader_id: int | None, collection_id: int) -> Collection:
    """NotFound for those of accounts that are gone or blocked, as for those that never were."""
    row = _VISIBLE.first(id=collection_id, reader=reader_id or 0)
    if row is None:
        raise NotFound(NOT_FOUND)
    return row


def all_visible(reader_id: int | None, collection_ids: list[int]) -> list[Collection]:
    return _ALL_VISIBLE.all(ids=collection_ids, reader=reader_id or 0) if collection_ids else []


def item(item_id: int) -> CollectionItem | None:
    return _ITEM.first(id=item_id)


def item_of(collection_id: int, account_id: int) -> CollectionItem | None:
    """However its account stands to it."""
    return _ITEM_OF.first(collection=collection_id, account=account_id)


def is_in(collection_id: int, account_id: int) -> bool:
    row = item_of(collection_id, account_id)
    return row is not None and row.state == ItemState.ACCEPTED


def members_elsewhere(collection_id: int) -> list[int]:
    return _MEMBERS_ELSEWHERE.all(collection=collection_id)


def between(member_id: int, owner_id: int) -> list[tuple[CollectionItem, Collection]]:
    """Where `member_id` is, or is asked to be, in a collection of `owner_id`."""
    query = CollectionItem.select().join(Collection, on=(Collection.id == CollectionItem.collection))
    found = query.where(
        CollectionItem.account == member_id, Collection.account == owner_id, CollectionItem.state.in_(IN_USE)
    )
    return [(row, one) for row in found if (one := by_id(row.collection_id)) is not None]


def count(collection_id: int) -> int:
    """Those who are in it, or asked."""
    here = CollectionItem.collection == collection_id
    return int(CollectionItem.select().where(here, CollectionItem.state.in_(IN_USE)).count())


def add_item(collection_id: int, account_id: int, **values: Any) -> CollectionItem:
    """At the end. Whoever is there already stays as they are."""
    last = CollectionItem.select(fn.MAX(CollectionItem.position)).where(CollectionItem.collection == collection_id)
    values.setdefault("position", (last.scalar() or 0) + 1)
    row = {"id": ids.new_id(), "collection": collection_id, "account": account_id, "created_at": clock.now_ms()}
    _INSERT_ITEM.run(**row | values)
    made = item_of(collection_id, account_id)
    assert made is not None  # noqa: S101 - inserted just now, by us or by somebody as quick
    return made


def change_item(row: CollectionItem, **values: Any) -> CollectionItem:
    CollectionItem.update(**values).where(CollectionItem.id == row.id).execute()
    return item(row.id) or row


def touch(collection_id: int) -> None:
    """Who is in it changed: what was made of it for visitors is old now."""
    Collection.update(updated_at=clock.now_ms()).where(Collection.id == collection_id).execute()


def item_uri(row: CollectionItem, collection: Collection) -> str:
    return row.uri or site.collection_item_uri(collection.account_id, collection.id, row.id)


def stamp_uri(row: CollectionItem) -> str:
    """Where it is written that its account agreed: elsewhere, or here."""
    return row.stamp_uri or site.feature_stamp_uri(row.account_id, row.id)
