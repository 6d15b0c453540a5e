"""Everything that documents of statuses show, in a fixed number of queries. Runs inside `store.read` or `write`."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from node.models import (
    Account,
    ActorKind,
    Approval,
    ApprovalKind,
    ApprovalState,
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
from node.services.accounts import lookup
from node.services.approvals import replies
from node.services.approvals import rows as approvals
from node.services.approvals.replies import Held
from node.services.collections import linked as linked_collections
from node.services.collections.linked import Linked
from node.services.statuses import audience, linked
from node.services.statuses.audience import is_open
from node.store import Prepared, in_ids, param


@dataclass(frozen=True, slots=True)
class Quoted:
    uri: str
    url: str
    stamp_uri: str


class ThreadNames(NamedTuple):
    """What a thread is called where it began, and the address that lists it, which may be the same."""

    uri: str
    context_uri: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteParts:
    """A local status and what belongs to it."""

    status: Status
    author: Account
    in_reply_to: str | None
    thread: ThreadNames | None
    named: list[Account]  # tagged in the text
    addressed: list[Account]  # named, and those named before an edit
    tags: list[Tag]
    media: list[MediaAttachment]
    poll: Poll | None
    emoji: list[CustomEmoji]
    groups: list[Account]  # that it is for: named, or where the thread was begun
    links: tuple[tuple[str, str], ...] = ()  # posts that the text links to: as written, and their uris
    collections: tuple[Linked, ...] = ()  # that the text links to
    quoted: Quoted | None = None
    approved_by: str = ""  # the stamp that lets it answer
    held: Held | None = None  # it waits to be let in, and shows already what it is to be


_STATUSES = Prepared(
    lambda: Status.select(*columns(Status)).where(
        in_ids(Status.id, param("ids")), Status.local, Status.reblog_of.is_null(), ~Status.local_only
    ),
    row_of(Status),
)
_OWN = Prepared(
    lambda: Status.select(*columns(Status)).where(
        in_ids(Status.id, param("ids")), Status.local, Status.reblog_of.is_null()
    ),
    row_of(Status),
)
_PARENTS = Prepared(
    lambda: Status.select(Status.id, Status.uri).where(in_ids(Status.id, param("ids"))), lambda *row: row
)
_THREADS = Prepared(
    lambda: Thread.select(Thread.id, Thread.uri, Thread.context_uri).where(in_ids(Thread.id, param("ids"))),
    lambda thread_id, uri, context_uri: (thread_id, ThreadNames(uri, context_uri or uri)),
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


def all_note_parts(status_ids: list[int], *, with_local_only: bool = False) -> dict[int, NoteParts]:
    """By id, of those that there are documents of; for their author alone also of those that never leave this node."""
    statuses = (_OWN if with_local_only else _STATUSES).all(ids=status_ids)
    ids = [status.id for status in statuses]
    if not ids:
        return {}
    mentions = _grouped(_MENTIONS.all(ids=ids))
    answered = [one.thread_id for one in statuses if one.thread_id and one.in_reply_to_id and is_open(one)]
    groups = audience.groups_of(sorted(set(answered)))
    approved = _by_status(approvals.of_statuses(ids))
    named = {m[1] for rows in mentions.values() for m in rows}
    named |= {who for rows in approved.values() for row in rows for who in _held_mentions(row)}
    named |= {account_id for _, account_id in groups}
    people = lookup.by_ids(list({status.account_id for status in statuses} | named))
    parents = _by_id(_PARENTS, [status.in_reply_to_id for status in statuses])
    threads = _by_id(_THREADS, [status.thread_id for status in statuses])
    tags = _grouped(_TAGS.all(ids=ids))
    media = _by_status(_MEDIA.all(ids=ids))
    asked = [status.id for status in statuses if status.kind == "Question"]
    poll_of = {poll.status_id: poll for poll in _POLLS.all(ids=asked)} if asked else {}
    authors = {status.id: status.account_id for status in statuses}
    quoted = _quoted([one for rows in approved.values() for one in rows], authors)
    texts = {status.id: status.content for status in statuses}
    links = linked.uris_in(texts)
    collections = linked_collections.in_texts(texts)
    emoji = _emoji_by_name(name for status in statuses for name in _names(status.emoji))
    return {
        status.id: NoteParts(
            status=status,
            author=people[status.account_id],
            in_reply_to=parents.get(status.in_reply_to_id or 0) or status.in_reply_to_uri or None,
            thread=threads.get(status.thread_id or 0),
            named=[people[who] for who in _named(mentions[status.id], approved[status.id]) if who in people],
            addressed=[people[who] for _, who, _ in mentions[status.id] if who in people],
            tags=[tag for _, tag in tags[status.id]],
            media=media[status.id],
            poll=poll_of.get(status.id),
            emoji=[emoji[name] for name in _names(status.emoji) if name in emoji],
            groups=_groups(status, mentions[status.id], groups, people),
            links=tuple(links.get(status.id, ())),
            collections=collections.get(status.id, ()),
            quoted=quoted.get(status.id),
            **_reply(approved[status.id]),
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


def _by_status(rows: list[Any]) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.status_id].append(row)
    return found


def _quoted(rows: list[Approval], authors: dict[int, int]) -> dict[int, Quoted]:
    """By the id of the quoting status. Nobody needs a stamp for oneself."""
    shown = [row for row in rows if row.kind == ApprovalKind.QUOTE and row.state != ApprovalState.DELETED]
    urls = dict(_URLS.all(ids=[row.target_id for row in shown])) if shown else {}
    found = {}
    for row in shown:
        stamp = "" if row.account_id == authors[row.status_id] else approvals.stamp_uri(row)
        found[row.status_id] = Quoted(row.target_uri, urls.get(row.target_id) or row.target_uri, stamp)
    return found


_URLS = Prepared(
    lambda: Status.select(Status.id, Status.url).where(in_ids(Status.id, param("ids"))), lambda *row: row
)


def _held_mentions(row: Approval) -> list[int]:
    kept = replies.held(row)
    return [] if kept is None else kept.mentions


def _named(mentions: list[Any], approved: list[Approval]) -> list[int]:
    """Who stands in the text. In an answer that waits it is only written down who that will be."""
    named = [who for _, who, silent in mentions if not silent]
    return named or [who for row in approved for who in _held_mentions(row)]


def _reply(rows: list[Approval]) -> dict[str, Any]:
    for row in rows:
        if row.kind == ApprovalKind.REPLY:
            return {"approved_by": approvals.stamp_uri(row), "held": replies.held(row)}
    return {}


def _by_id(query: Prepared[tuple[Any, ...]], ids: Iterable[int | None]) -> dict[int, Any]:
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
