"""Documents as bytes, kept while their rows do not change: a row that is shown differently has another version.

`config` is in the keys because a row's number says nothing without its node: tests are many nodes in turn.
"""

from functools import lru_cache
from typing import Any

import msgspec

from federation.audience import addressing
from federation.render import activity, note
from federation.render.actor_document import actor_document
from federation.render.context import context
from federation.render.loading import NoteParts, all_note_parts, note_parts
from node.config import Config
from node.errors import Gone
from node.models import Account, Status
from node.services.accounts import lookup
from node.services.accounts.lookup import Glance
from node.services.statuses.loading import by_id

Document = dict[str, Any]


def actor_body(config: Config, account: Account | Glance) -> bytes:
    return _actor_body(config, account.id, account.version)


@lru_cache(maxsize=4096)
def _actor_body(config: Config, account_id: int, version: int) -> bytes:
    account = lookup.by_id(account_id)
    rendered = actor_document(account) if account is not None else None
    if rendered is None:
        raise Gone("This account was deleted.")
    return msgspec.json.encode(rendered)


def note_body(config: Config, status: Status) -> bytes | None:
    """None for what is no note, such as a boost."""
    return _note_body(config, status.id, status.version)


@lru_cache(maxsize=4096)
def _note_body(config: Config, status_id: int, version: int) -> bytes | None:
    parts = note_parts(status_id)
    if parts is None:
        return None
    return msgspec.json.encode({"@context": context("note")} | note.note(parts))


def activity_of(status: Status) -> Document | None:
    """What told the network of a local status: its Create, or the Announce that a boost is."""
    return activities_of([status]).get(status.id)


def activities_of(statuses: list[Status]) -> dict[int, Document]:
    """The same for many, by the id of the status."""
    parts = all_note_parts([status.id for status in statuses if status.reblog_of_id is None])
    found: dict[int, Document] = {status_id: activity.create(note.note(one)) for status_id, one in parts.items()}
    for boost in statuses:
        if boost.reblog_of_id is not None and (announce := _announce(boost)) is not None:
            found[boost.id] = announce
    return found


def notes_of(status_ids: list[int]) -> list[Document]:
    """Whole notes, in the order of their ids as given."""
    parts: dict[int, NoteParts] = all_note_parts(status_ids)
    return [note.note(parts[status_id]) for status_id in status_ids if status_id in parts]


def _announce(boost: Status) -> Document | None:
    original = by_id(boost.reblog_of_id) if boost.reblog_of_id else None
    people = lookup.by_ids([boost.account_id, original.account_id]) if original else {}
    booster, author = people.get(boost.account_id), people.get(original.account_id if original else 0)
    if original is None or booster is None or author is None:
        return None
    named = [author.uri] if author.id != booster.id else []
    to = addressing(boost.visibility, booster.followers_uri, named)
    return activity.announce(boost.uri, booster.uri, original.uri, to, at=boost.created_at)
