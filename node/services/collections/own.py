"""Collections of people here: made, changed, deleted. Who is in them is the matter of items.py."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from node import clock, ids, site
from node.errors import Forbidden, Invalid
from node.jobs import JobKind, Priority, enqueue
from node.models import Collection, CollectionItem, ItemState, Notification, NotificationKind
from node.services.accounts import lookup
from node.services.collections import items, rows
from node.services.discovery import tags
from node.services.notifications import telling as notifications
from node.services.statuses import audience
from node.speech import said
from node.text.length import characters
from node.text.names import clean_line
from node.text.render import clean_source
from node.text.tokens import hashtag_name

MAX_COLLECTIONS = 10
MAX_NAME_CHARS = 40
MAX_DESCRIPTION_CHARS = 100

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z]{2,8})?")


@dataclass(frozen=True, kw_only=True)
class CollectionChange:
    """What is None stays as it is. An empty tag or language is none."""

    name: str | None = None
    description: str | None = None
    language: str | None = None
    sensitive: bool | None = None
    discoverable: bool | None = None
    tag_name: str | None = None


def create(account_id: int, wish: CollectionChange, account_ids: Iterable[int] = ()) -> Collection:
    """Invalid for what breaks a limit, Forbidden if one of the accounts does not want to be in it: then there is none."""
    if Collection.select().where(Collection.account == account_id).count() >= MAX_COLLECTIONS:
        raise Invalid(said("You have %(most)s collections, which is as many as there can be.", most=MAX_COLLECTIONS))
    values: dict[str, Any] = {"sensitive": False, "discoverable": True} | _columns(wish)
    _name(values.get("name", ""))
    row_id, now = ids.new_id(), clock.now_ms()
    made = Collection.create(
        id=row_id,
        account=account_id,
        uri=site.collection_uri(account_id, row_id),
        url=site.collection_url(row_id),
        created_at=now,
        updated_at=now,
        **values,
    )
    for member_id in dict.fromkeys(account_ids):
        items.add(account_id, made.id, member_id, told_apart=False)
    _tell_peers(made, new=True)
    return made


def update(account_id: int, collection_id: int, wish: CollectionChange) -> Collection:
    """NotFound for what the account cannot see, Forbidden for what is not its own."""
    row = get(account_id, collection_id)
    values = _columns(wish)
    values = {name: value for name, value in values.items() if _held(row, name) != value}
    if not values:
        return row
    Collection.update(**values, updated_at=clock.now_ms()).where(Collection.id == row.id).execute()
    changed = rows.by_id(row.id) or row
    if values.keys() & {"name", "description"}:
        _tell_members(changed)
    _tell_peers(changed, new=False)
    return changed


def delete(account_id: int, collection_id: int) -> None:
    row = get(account_id, collection_id)
    members = rows.members_elsewhere(row.id)
    Collection.delete().where(Collection.id == row.id).execute()
    if members or audience.has_remote_follower(account_id):
        payload = {"account_id": account_id, "uri": row.uri, "account_ids": members}
        enqueue(JobKind.SEND_UNCOLLECTION, payload=payload, priority=Priority.BULK)


def get(account_id: int, collection_id: int) -> Collection:
    """One's own: NotFound for what the account cannot see, Forbidden for those of others."""
    row = rows.visible(account_id, collection_id)
    if row.account_id != account_id:
        raise Forbidden("Only its owner can change a collection.")
    return row


def _columns(wish: CollectionChange) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if wish.name is not None:
        columns["name"] = _name(clean_line(wish.name))
    if wish.description is not None:
        text = clean_source(wish.description)
        _short_enough("description", text, MAX_DESCRIPTION_CHARS)
        columns["description"] = text
    if wish.language is not None:
        if wish.language and not _LANGUAGE.fullmatch(wish.language):
            raise Invalid("Validation failed: Language is not a language", {"language": "is not a language"})
        columns["language"] = wish.language
    if wish.sensitive is not None:
        columns["sensitive"] = wish.sensitive
    if wish.discoverable is not None:
        columns["discoverable"] = wish.discoverable
    if wish.tag_name is not None:
        columns["tag"] = _tag(wish.tag_name)
    return columns


def _held(row: Collection, name: str) -> Any:
    return row.tag_id if name == "tag" else getattr(row, name)


def _name(text: str) -> str:
    if not text:
        raise Invalid("A collection needs a name.", {"name": "can't be blank"})
    _short_enough("name", text, MAX_NAME_CHARS)
    return text


def _short_enough(field: str, text: str, most: int) -> None:
    if characters(text) > most:
        message = said("is too long (maximum is %(most)s characters)", most=most)
        raise Invalid(f"Validation failed: {field.capitalize()} {message}", {field: message})


def _tag(name: str) -> int | None:
    if not name.strip():
        return None
    known = hashtag_name(name.strip().removeprefix("#"))
    if known is None:
        raise Invalid("This is not a hashtag.", {"tag_name": "is not a hashtag"})
    return int(tags.ensure(known).id)


def _tell_members(row: Collection) -> None:
    """Those here. A second change takes the place of the first one."""
    kind = NotificationKind.COLLECTION_UPDATE
    Notification.delete().where(Notification.collection == row.id, Notification.kind == kind).execute()
    there = (CollectionItem.collection == row.id) & (CollectionItem.state == ItemState.ACCEPTED)
    members = lookup.by_ids([one.account_id for one in CollectionItem.select().where(there)])
    for member in members.values():
        if member.is_local:
            notifications.notify(member.id, kind, row.account_id, collection_id=row.id)


def _tell_peers(row: Collection, *, new: bool) -> None:
    if audience.has_remote_follower(row.account_id) or rows.members_elsewhere(row.id):
        enqueue(JobKind.SEND_COLLECTION, row.id, payload={"new": new}, priority=Priority.BULK, once=True)
