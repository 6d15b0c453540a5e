"""Everything that documents of statuses show, in a fixed number of queries. Runs inside `store.read` or `write`."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from node.models import (
    Account,
    ActorKind,
    CustomEmoji,
    MediaAttachment,
    Mention,
    Poll,
    Status,
    StatusTag,
    Tag,
    Thread,
)
from node.models.rows import columns, row_of
from node.services import account_lookup as lookup
from node.services import audience
from node.services.audience import is_open
from node.store import Prepared, in_ids, param


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteParts:
    """A local status and what belongs to it."""

    status: Status
    author: Account
    in_reply_to: str | None
    thread_uri: str
    named: list[Account]  # tagged in the text
    addressed: list[Account]  # named, and those named before an edit
    tags: list[Tag]
    media: list[MediaAttachment]
    poll: Poll | None
    emoji: list[CustomEmoji]
    groups: list[Account]  # that it is for: named, or where the thread was begun


_STATUSES = Prepared(
    lambda: Status.select(*columns(Status)).where(
        in_ids(Status.id, param("ids")), Status.local, Status.reblog_of.is_null(), ~Status.local_only
    ),
    row_of(Status),
)
_PARENTS = Prepared(
    lambda: Status.select(Status.id, Status.uri).where(in_ids(Status.id, param("ids"))), lambda *row: row
)
_THREADS = Prepared(
    lambda: Thread.select(Thread.id, Thread.uri, Thread.context_uri).where(in_ids(Thread.id, param("ids"))),
    lambda thread_id, uri, context_uri: (thread_id, context_uri or uri),
)
_MENTIONS = Prepared(
    lambda: (
        Mention.select(Mention.status, Mention.account, Mention.silent)
        .where(in_ids(Mention.status, param("ids")))
        .order_by(Mention.id)
    ),
    lambda *row: row,
)
_TAGS: Prepared[tuple[int, Tag]] = Prepared(
    lambda: (
        StatusTag.select(StatusTag.status, *columns(Tag))
        .join(Tag, on=(Tag.id == StatusTag.tag))
        .where(in_ids(StatusTag.status, param("ids")))
        .order_by(Tag.id)
    ),
    lambda status_id, *row: (status_id, row_of(Tag)(*row)),
)
_MEDIA = Prepared(
    lambda: (
        MediaAttachment.select(*columns(MediaAttachment))
        .where(in_ids(MediaAttachment.status, param("ids")))
        .order_by(MediaAttachment.position, MediaAttachment.id)
    ),
    row_of(MediaAttachment),
)
_POLLS = Prepared(lambda: Poll.select(*columns(Poll)).where(in_ids(Poll.status, param("ids"))), row_of(Poll))


def note_parts(status_id: int) -> NoteParts | None:
    """None when it is gone, is a boost, or does not leave this node."""
    return all_note_parts([status_id]).get(status_id)


def all_note_parts(status_ids: list[int]) -> dict[int, NoteParts]:
    """By id, of those that there are documents of."""
    statuses = _STATUSES.all(ids=status_ids)
    ids = [status.id for status in statuses]
    if not ids:
        return {}
    mentions = _grouped(_MENTIONS.all(ids=ids))
    answered = [one.thread_id for one in statuses if one.thread_id and one.in_reply_to_id and is_open(one)]
    groups = audience.groups_of(sorted(set(answered)))
    people = lookup.by_ids(
        list(
            {status.account_id for status in statuses}
            | {m[1] for rows in mentions.values() for m in rows}
            | {account_id for _, account_id in groups}
        )
    )
    parents = _uris(_PARENTS, [status.in_reply_to_id for status in statuses])
    threads = _uris(_THREADS, [status.thread_id for status in statuses])
    tags = _grouped(_TAGS.all(ids=ids))
    media = defaultdict(list)
    for one in _MEDIA.all(ids=ids):
        media[one.status_id].append(one)
    asked = [status.id for status in statuses if status.kind == "Question"]
    poll_of = {poll.status_id: poll for poll in _POLLS.all(ids=asked)} if asked else {}
    emoji = _emoji_by_name(name for status in statuses for name in _names(status.emoji))
    return {
        status.id: NoteParts(
            status=status,
            author=people[status.account_id],
            in_reply_to=parents.get(status.in_reply_to_id or 0) or status.in_reply_to_uri or None,
            thread_uri=threads.get(status.thread_id or 0, ""),
            named=[people[who] for _, who, silent in mentions[status.id] if not silent and who in people],
            addressed=[people[who] for _, who, _ in mentions[status.id] if who in people],
            tags=[tag for _, tag in tags[status.id]],
            media=media[status.id],
            poll=poll_of.get(status.id),
            emoji=[emoji[name] for name in _names(status.emoji) if name in emoji],
            groups=_groups(status, mentions[status.id], groups, people),
        )
        for status in statuses
        if status.account_id in people
    }


def _groups(
    status: Status, mentions: list[Any], of_threads: list[tuple[int, int]], people: dict[int, Account]
) -> list[Account]:
    if not is_open(status):
        return []
    named = [who for _, who, _ in mentions if who in people and people[who].kind == ActorKind.GROUP]
    asked = [who for thread_id, who in of_threads if thread_id == status.thread_id and status.in_reply_to_id]
    return [people[who] for who in dict.fromkeys([*named, *asked]) if who in people and not people[who].is_gone]


def _uris(query: Prepared[tuple[Any, ...]], ids: Iterable[int | None]) -> dict[int, str]:
    wanted = sorted({one for one in ids if one is not None})
    return dict(query.all(ids=wanted)) if wanted else {}


def _grouped(rows: list[Any]) -> defaultdict[int, list[Any]]:
    """By their first column."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(row)
    return found


def local_emoji(shortcodes_json: str) -> list[CustomEmoji]:
    """The node's own emoji among `shortcodes_json`, as statuses and accounts keep them."""
    return list(_emoji_by_name(_names(shortcodes_json)).values())


def _names(shortcodes_json: str) -> list[str]:
    return [] if shortcodes_json == "[]" else msgspec.json.decode(shortcodes_json, type=list[str])


def _emoji_by_name(names: Iterable[str]) -> dict[str, CustomEmoji]:
    wanted = sorted(set(names))
    if not wanted:
        return {}
    query = CustomEmoji.select().where((CustomEmoji.domain == "") & CustomEmoji.shortcode.in_(wanted))
    return {row.shortcode: row for row in query}
