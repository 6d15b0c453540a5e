"""Blocking: neither sees the other, and neither follows the other."""

from node import clock, ids, site
from node.errors import Forbidden, NotFound
from node.jobs import JobKind, enqueue
from node.models import Account, Block, Notification
from node.models.paged import one_id
from node.models.rows import Insert
from node.paging import Page
from node.services import follows
from node.services.accounts import lookup
from node.services.collections import items as collection_items
from node.services.follows import rows
from node.services.relationships import lists
from node.services.servers import heard
from node.services.statuses import tombstones
from node.store import Prepared, param

_INSERT = Insert(Block, ignore=True)
_BETWEEN = Prepared(
    lambda: Block.select(Block.id).where(
        ((Block.account == param("one")) & (Block.target == param("other")))
        | ((Block.account == param("other")) & (Block.target == param("one")))
    ),
    one_id,
)


def block(account_id: int, target_id: int) -> Block:
    """Doing it twice changes nothing."""
    target = lookup.by_id(target_id)
    if target is None or target.deleted_at is not None:
        raise NotFound(lookup.NOT_FOUND)
    if account_id == target_id:
        raise Forbidden("Nobody can block themselves.")
    follows.sever(account_id, target_id)
    row_id = ids.new_id()
    if _insert(row_id, account_id, target_id, site.activity_uri(account_id, "blocks", row_id)):
        if not target.is_local:
            enqueue(JobKind.SEND_BLOCK, row_id)
        collection_items.part(account_id, target_id)
        _hide(account_id, target_id)
    return Block.get((Block.account == account_id) & (Block.target == target_id))


def unblock(account_id: int, target_id: int) -> bool:
    """Whether there was a block."""
    row = Block.get_or_none((Block.account == account_id) & (Block.target == target_id))
    if row is None:
        return False
    Block.delete().where(Block.id == row.id).execute()
    target = lookup.by_id(target_id)
    if target is not None and not target.is_local:
        payload = {"account_id": account_id, "target_id": target_id, "block_id": row.id}
        enqueue(JobKind.SEND_UNBLOCK, payload=payload)
    rows.rebuild_feeds([account_id])
    return True


def is_between(one_account_id: int, other_id: int) -> bool:
    """Whether either of them blocks the other."""
    return _BETWEEN.first(one=one_account_id, other=other_id) is not None


def receive_block(blocker: Account, target_id: int, uri: str) -> None:
    """A remote account blocks somebody here, who is not told."""
    if tombstones.was_undone(uri, blocker.uri):
        return
    for ended in (rows.remove(blocker.id, target_id), rows.remove_request(blocker.id, target_id)):
        if ended is not None:
            heard.forget(ended.uri, blocker.id)
    rows.remove(target_id, blocker.id)
    rows.remove_request(target_id, blocker.id)
    if _insert(ids.new_id(), blocker.id, target_id, uri):
        collection_items.part(blocker.id, target_id)
        _hide(target_id, blocker.id)
    else:
        Block.update(uri=uri).where(Block.account == blocker.id, Block.target == target_id).execute()


def receive_unblock(blocker: Account, *, uri: str = "", target_id: int | None = None, remember: bool = True) -> bool:
    """The Undo names the Block by its id, or by whom it was for. Unknown, it is remembered."""
    named = (Block.uri == uri) if uri else (Block.target == target_id)
    if uri and target_id is not None:
        named |= Block.target == target_id
    if Block.delete().where(Block.account == blocker.id, named).execute():
        return True
    if uri and remember:
        tombstones.remember_undone(uri, blocker.uri)
    return False


def page(account_id: int, page: Page) -> list[tuple[int, int]]:
    """(id of the row, id of the account), the latest first."""
    query = Block.select(Block.id, Block.target).where(Block.account == account_id).tuples()
    return page.of(query, Block.id)


def _insert(row_id: int, account_id: int, target_id: int, uri: str) -> bool:
    return _INSERT.run(id=row_id, account=account_id, target=target_id, uri=uri, created_at=clock.now_ms())


def _hide(account_id: int, other_id: int) -> None:
    """What was there of the other disappears for `account_id`."""
    Notification.delete().where(Notification.account == account_id, Notification.sender == other_id).execute()
    lists.drop_from_all(account_id, other_id)
    rows.rebuild_feeds([account_id])
