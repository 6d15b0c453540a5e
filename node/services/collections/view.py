"""Collections with all that is shown of them to one reader, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec

from node.models import Account, Block, Collection, CollectionItem, ItemState, Tag
from node.models.access import exists, present
from node.models.paged import one_id
from node.models.parts import holds, part_of
from node.models.rows import columns, row_of
from node.services.accounts import view as account_view
from node.services.accounts.view import AccountView
from node.services.collections import rows
from node.store import Prepared, in_ids, param

PREVIEWED = 4  # members whose faces a list shows


class CollectionView(msgspec.Struct, frozen=True):
    """`items`: those that the reader may know of, in order. Who waits for a yes is shown to the owner alone."""

    collection: Collection
    is_local: bool
    tag: Tag | None
    items: list[CollectionItem]

    def previewed(self) -> list[int]:
        """The owner, and the first few members."""
        return [self.collection.account_id, *(row.account_id for row in self.items[:PREVIEWED])]

    def people(self) -> list[int]:
        return [self.collection.account_id, *(row.account_id for row in self.items)]


def _items() -> Any:
    reader = param("reader")
    waits = (CollectionItem.state == ItemState.PENDING) & (Collection.account == reader)
    return (
        CollectionItem.select(*columns(CollectionItem))
        .join(Collection, on=(Collection.id == CollectionItem.collection))
        .join(Account, on=(Account.id == CollectionItem.account))
        .where(
            in_ids(CollectionItem.collection, param("ids")),
            (CollectionItem.state == ItemState.ACCEPTED) | waits,
            present(Account),
            ~exists(Block, Block.account == reader, Block.target == Account.id),
        )
        .order_by(CollectionItem.position, CollectionItem.id)
    )


_ITEMS = Prepared(_items, row_of(CollectionItem))


def load(found: Sequence[Collection], reader_id: int | None) -> list[CollectionView]:
    """In the order given, which `reader_id` may see."""
    if not found:
        return []
    items: defaultdict[int, list[CollectionItem]] = defaultdict(list)
    for row in _ITEMS.all(ids=[one.id for one in found], reader=reader_id or 0):
        items[row.collection_id].append(row)
    tag_ids = [one.tag_id for one in found if one.tag_id is not None]
    tags = {tag.id: tag for tag in Tag.select().where(in_ids(Tag.id, tag_ids))} if tag_ids else {}
    owners = {one.account_id for one in found}
    local = {row.id for row in Account.select(Account.id).where(in_ids(Account.id, [*owners]), Account.domain == "")}
    return [CollectionView(one, one.account_id in local, tags.get(one.tag_id or 0), items[one.id]) for one in found]


def show(reader_id: int | None, collection_id: int) -> CollectionView:
    """NotFound for what is not there for the reader."""
    return load([rows.visible(reader_id, collection_id)], reader_id)[0]


def by_ids(reader_id: int | None, collection_ids: list[int]) -> dict[int, CollectionView]:
    found = rows.all_visible(reader_id, collection_ids)
    return {view.collection.id: view for view in load(found, reader_id)}


def of_account(reader_id: int | None, account_id: int, limit: int, offset: int = 0) -> list[CollectionView]:
    """Newest first; of others those that are to be found."""
    wanted = Collection.account == account_id
    if reader_id != account_id:
        wanted &= Collection.discoverable
    query = Collection.select(Collection.id).where(wanted).order_by(Collection.id.desc())
    return _in_order(reader_id, [row.id for row in query.limit(limit).offset(offset)])


def containing(account_id: int, limit: int, offset: int = 0) -> list[CollectionView]:
    """Those that somebody here is in, for themselves; the latest first."""
    mine = (CollectionItem.account == account_id) & (CollectionItem.state == ItemState.ACCEPTED)
    query = CollectionItem.select(CollectionItem.collection).where(mine).order_by(CollectionItem.id.desc())
    return _in_order(account_id, [row.collection_id for row in query.limit(limit).offset(offset)])


def found(reader_id: int, text: str, limit: int, offset: int = 0) -> list[CollectionView]:
    """By its address whichever is meant, by a part of its name what is to be found; the newest first."""
    return _in_order(reader_id, _FOUND.all(text=text, part=part_of(text), limit=limit, offset=offset))


def _found() -> Any:
    text = param("text")
    named = Collection.discoverable & holds(Collection.name, param("part"))
    query = Collection.select(Collection.id).where(named | (Collection.uri == text) | (Collection.url == text))
    return query.order_by(Collection.id.desc()).limit(param("limit")).offset(param("offset"))


_FOUND = Prepared(_found, one_id)


def people(account_ids: Sequence[int]) -> list[AccountView]:
    return account_view.load(list(dict.fromkeys(account_ids)))


def _in_order(reader_id: int | None, collection_ids: list[int]) -> list[CollectionView]:
    found = by_ids(reader_id, collection_ids)
    return [found[i] for i in collection_ids if i in found]
