"""Everything that a document of a status shows, in a fixed number of queries. Runs inside `store.read` or `write`."""

from dataclasses import dataclass

import msgspec

from node.models import Account, CustomEmoji, MediaAttachment, Mention, Poll, Status, StatusTag, Tag
from node.services import account_lookup as lookup
from node.services import media
from node.services.loading import by_id
from node.store import in_ids


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteParts:
    """A local status and what belongs to it."""

    status: Status
    author: Account
    in_reply_to: str | None
    named: list[Account]  # tagged in the text
    addressed: list[Account]  # named, and those named before an edit
    tags: list[str]
    media: list[MediaAttachment]
    poll: Poll | None
    emoji: list[CustomEmoji]


def note_parts(status_id: int) -> NoteParts | None:
    """None when it is gone, is a boost, or does not leave this node."""
    status = by_id(status_id)
    if status is None or not status.local or status.reblog_of is not None or status.local_only:
        return None
    author = lookup.by_id(status.account_id)
    if author is None:
        return None
    mentions = list(Mention.select().where(Mention.status == status.id))
    people = lookup.by_ids([one.account_id for one in mentions])
    tags = Tag.select(Tag.name).join(StatusTag, on=(StatusTag.tag == Tag.id)).where(StatusTag.status == status.id)
    return NoteParts(
        status=status,
        author=author,
        in_reply_to=_parent_uri(status),
        named=[people[one.account_id] for one in mentions if not one.silent and one.account_id in people],
        addressed=list(people.values()),
        tags=[tag.name for tag in tags],
        media=media.of_status(status.id),
        poll=Poll.get_or_none(Poll.status == status.id) if status.kind == "Question" else None,
        emoji=local_emoji(status.emoji),
    )


def _parent_uri(status: Status) -> str | None:
    if status.in_reply_to_id is None:
        return status.in_reply_to_uri or None
    parent = Status.select(Status.uri).where(Status.id == status.in_reply_to_id).tuples().first()
    return parent[0] if parent else None


def local_emoji(shortcodes_json: str) -> list[CustomEmoji]:
    """The node's own emoji among `shortcodes_json`, as statuses and accounts keep them."""
    if shortcodes_json == "[]":
        return []
    names = msgspec.json.decode(shortcodes_json, type=list[str])
    return list(CustomEmoji.select().where((CustomEmoji.domain == "") & CustomEmoji.shortcode.in_(names)))


def visible_uris(status_ids: list[int]) -> list[str]:
    """In the order of `status_ids`."""
    rows = {row.id: row.uri for row in Status.select(Status.id, Status.uri).where(in_ids(Status.id, status_ids))}
    return [rows[status_id] for status_id in status_ids if status_id in rows]
