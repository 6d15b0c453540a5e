"""Who is in a collection: added, asked, agreed, refused, taken out, gone by themselves."""

from node import jobs
from node.errors import Forbidden, Invalid, NotFound
from node.jobs import JobKind, Priority
from node.models import Account, Collection, CollectionItem, ItemState, Notification, NotificationKind
from node.services.accounts import lookup
from node.services.approvals.policies import Answer
from node.services.collections import consent, rows
from node.services.notifications import telling as notifications
from node.services.statuses import audience
from node.services.statuses.tombstones import bury, is_buried
from node.speech import said

MAX_ITEMS = 25
MAX_ITEMS_ELSEWHERE = 150

NOT_WANTED = "{name} cannot be added to collections, or not by you."


# ── by its owner, who lives here ─────────────────────────────────────────────────────────────────────────────────────


def add(owner_id: int, collection_id: int, account_id: int, *, told_apart: bool = True) -> CollectionItem:
    """At once if it is somebody here, else once their node says yes. Forbidden for whom one may not ask, or refused.

    Without `told_apart` peers hear of it together with the collection.
    """
    collection, account = _own(owner_id, collection_id), lookup.visible(owner_id, account_id)
    answer = consent.judge(owner_id, account)
    known = rows.item_of(collection.id, account.id)
    if answer not in consent.ASKED or (known is not None and known.state not in rows.IN_USE):
        raise Forbidden(NOT_WANTED.format(name=account.display_name.strip() or f"@{account.username}"))
    if known is not None:
        raise Invalid("This account is in the collection already.", {"account_id": "is in the collection already"})
    if rows.count(collection.id) >= MAX_ITEMS:
        raise Invalid(
            said("There are %(most)s accounts in this collection, which is as many as there can be.", most=MAX_ITEMS)
        )
    agreed = account.is_local or account.id == owner_id
    made = rows.add_item(collection.id, account.id, state=str(ItemState.ACCEPTED if agreed else ItemState.PENDING))
    if not agreed:
        jobs.enqueue(JobKind.SEND_FEATURE_REQUEST, made.id, priority=Priority.URGENT)
        return made
    notifications.notify(account.id, NotificationKind.ADDED_TO_COLLECTION, owner_id, collection_id=collection.id)
    if told_apart:
        rows.touch(collection.id)
        _tell_peers(made, collection)
    return made


def remove(owner_id: int, collection_id: int, item_id: int) -> None:
    """NotFound for who is not in it."""
    collection = _own(owner_id, collection_id)
    row = _of(collection, item_id)
    if row.state in rows.IN_USE:
        _out(row, collection, None)


# ── by who is in it ──────────────────────────────────────────────────────────────────────────────────────────────────


def leave(account_id: int, collection_id: int, item_id: int) -> None:
    """Somebody here does not want to be in it any more, and is not asked again. Forbidden for others."""
    collection = rows.by_id(collection_id)
    if collection is None:
        raise NotFound(rows.NOT_FOUND)
    row = _of(collection, item_id)
    if row.account_id != account_id:
        raise Forbidden("Only who is in a collection can leave it.")
    if row.state == ItemState.ACCEPTED:
        _leave(row, collection)


def part(blocker_id: int, blocked_id: int) -> None:
    """Who blocks somebody leaves their collections, and takes them out of its own."""
    for row, collection in rows.between(blocker_id, blocked_id):
        _leave(row, collection)
    for row, collection in rows.between(blocked_id, blocker_id):
        if _is_local(collection.account_id):
            _out(row, collection, None)


# ── what others answer us ────────────────────────────────────────────────────────────────────────────────────────────


def agreed_elsewhere(account: Account, item_id: int, stamp: str) -> None:
    """`account` says that it may be in a collection of ours. `stamp` lies on its host."""
    asked = _asked(account, item_id)
    if asked is None or asked[0].state != ItemState.PENDING or is_buried(stamp, account.uri):
        return
    row, collection = asked
    rows.touch(collection.id)
    _tell_peers(rows.change_item(row, state=str(ItemState.ACCEPTED), stamp_uri=stamp), collection)


def refused_elsewhere(account: Account, item_id: int) -> None:
    """It does not want to, or not any more."""
    asked = _asked(account, item_id)
    if asked is not None and asked[0].state in rows.IN_USE:
        _out(*asked, ItemState.REJECTED)


def stamp_taken_back(account: Account, stamp: str) -> bool:
    """`account`, elsewhere, deleted what it calls `stamp`; whether anything followed from it."""
    query = CollectionItem.select().where(CollectionItem.stamp_uri == stamp, CollectionItem.account == account.id)
    found = [row for row in query if row.state in rows.IN_USE]
    for row in found:
        collection = rows.by_id(row.collection_id)
        if collection is not None:
            _out(row, collection, ItemState.REVOKED)
    return bool(found)


# ── what others ask us ───────────────────────────────────────────────────────────────────────────────────────────────


def requested(actor: Account, collection: Collection, account: Account, request_uri: str) -> None:
    """`actor` wants `account`, who lives here, in its collection. Answered at once, and alike however often it asks."""
    if collection.account_id != actor.id or not account.is_local:
        return
    row = rows.item_of(collection.id, account.id)
    is_new = row is None
    if row is None and _may(actor, account) and rows.count(collection.id) < MAX_ITEMS_ELSEWHERE:
        row = rows.add_item(collection.id, account.id, state=str(ItemState.ACCEPTED), request_uri=request_uri)
    agreed = row is not None and row.state == ItemState.ACCEPTED
    payload = {
        "account_id": account.id,
        "asker_id": actor.id,
        "request": request_uri,
        "collection": collection.uri,
        "item": row.id if row is not None and agreed else 0,
    }
    jobs.enqueue(JobKind.SEND_FEATURE_ANSWER, payload=payload, priority=Priority.URGENT)
    if agreed and is_new:
        notifications.notify(account.id, NotificationKind.ADDED_TO_COLLECTION, actor.id, collection_id=collection.id)


def _may(actor: Account, account: Account) -> bool:
    return consent.judge(actor.id, account) is Answer.AUTOMATIC


# ── in common ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _own(owner_id: int, collection_id: int) -> Collection:
    row = rows.visible(owner_id, collection_id)
    if row.account_id != owner_id:
        raise Forbidden("Only its owner can change a collection.")
    return row


def _of(collection: Collection, item_id: int) -> CollectionItem:
    row = rows.item(item_id)
    if row is None or row.collection_id != collection.id:
        raise NotFound(rows.NOT_FOUND)
    return row


def _asked(account: Account, item_id: int) -> tuple[CollectionItem, Collection] | None:
    """The item of a collection of ours that `account` was asked about."""
    row = rows.item(item_id)
    collection = rows.by_id(row.collection_id) if row is not None and row.account_id == account.id else None
    if row is None or collection is None or not _is_local(collection.account_id):
        return None
    return row, collection


def _leave(row: CollectionItem, collection: Collection) -> None:
    if row.state == ItemState.ACCEPTED and _is_local(row.account_id) and not _is_local(collection.account_id):
        stamp = rows.stamp_uri(row)
        payload = {"account_id": row.account_id, "asker_id": collection.account_id, "stamp": stamp}
        jobs.enqueue(JobKind.SEND_REVOCATION, payload=payload, priority=Priority.URGENT)
    _out(row, collection, ItemState.REVOKED)


def _out(row: CollectionItem, collection: Collection, state: ItemState | None) -> None:
    """Out of it, remembered as `state`, or as if it had never been in it."""
    was_in = row.state == ItemState.ACCEPTED
    if row.stamp_uri and state is ItemState.REVOKED and (account := lookup.by_id(row.account_id)) is not None:
        bury(row.stamp_uri, account.uri)
    if state is None:
        CollectionItem.delete().where(CollectionItem.id == row.id).execute()
    else:
        rows.change_item(row, state=str(state))
    rows.touch(collection.id)
    told = (Notification.collection == collection.id) & (Notification.account == row.account_id)
    Notification.delete().where(told).execute()
    if was_in and _is_local(collection.account_id):
        payload = {
            "account_id": collection.account_id,
            "collection": collection.uri,
            "uri": rows.item_uri(row, collection),
            "account_ids": [*rows.members_elsewhere(collection.id), row.account_id],
        }
        jobs.enqueue(JobKind.SEND_UNITEM, payload=payload, priority=Priority.BULK)


def _tell_peers(row: CollectionItem, collection: Collection) -> None:
    if audience.has_remote_follower(collection.account_id) or rows.members_elsewhere(collection.id):
        jobs.enqueue(JobKind.SEND_ITEM, row.id, priority=Priority.BULK)


def _is_local(account_id: int) -> bool:
    account = lookup.by_id(account_id)
    return account is not None and account.is_local
