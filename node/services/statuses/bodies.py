"""What a status itself says, the same for every reader: its words, pictures, names, poll. Loaded many at once.

A body belongs to one version of its status, so it is remembered, and with it what outer layers made of it (`memo`):
showing a timeline again costs neither queries nor rendering.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import msgspec
import peewee

from node.models import (
    Account,
    Application,
    Approval,
    ApprovalKind,
    MediaAttachment,
    Mention,
    Poll,
    Status,
    StatusTag,
    Tag,
)
from node.models.rows import columns, row_of
from node.services.accounts.view import EmojiView, emoji_of
from node.services.caching.remembered import Remembered
from node.services.collections import linked
from node.services.interactions.polls import Option
from node.services.statuses import card_view
from node.services.statuses.card_view import CardView
from node.store import Prepared, in_ids, param

T = TypeVar("T")

BodyKey = tuple[int, int]  # id, version


class MentionView(msgspec.Struct, frozen=True):
    """Somebody who is named."""

    status_id: int
    id: int
    username: str
    domain: str
    url: str


class TagView(msgspec.Struct, frozen=True):
    status_id: int
    key: str
    name: str


class ApplicationView(msgspec.Struct, frozen=True):
    id: int
    name: str
    website: str


class PollView(msgspec.Struct, frozen=True):
    id: int
    status_id: int
    options: list[Option]
    multiple: bool
    hide_totals: bool
    votes_count: int
    voters_count: int | None
    expires_at: int | None
    closed_at: int | None


class QuoteView(msgspec.Struct, frozen=True):
    """What a status quotes; `status_id` is None while that is unknown here, or is gone."""

    state: str
    status_id: int | None
    uri: str
    account_id: int | None


class StatusBody(msgspec.Struct, kw_only=True, eq=False):
    id: int
    uri: str
    url: str
    account_id: int
    local: bool
    local_only: bool
    visibility: str
    kind: str
    content: str
    spoiler_text: str
    sensitive: bool
    language: str | None
    created_at: int
    edited_at: int | None
    emoji: tuple[EmojiView, ...] = ()
    media: tuple[MediaAttachment, ...] = ()
    mentions: tuple[MentionView, ...] = ()
    tags: tuple[TagView, ...] = ()
    application: ApplicationView | None = None
    poll: PollView | None = None
    card_id: int | None = None
    card: CardView | None = None
    policy: str = ""
    quote: QuoteView | None = None
    collection_ids: tuple[int, ...] = ()  # that it links to
    holds_more: bool = False  # something of which each reader is asked anew: a poll, a quote, collections
    memo: dict[str, Any] = {}


# Emoji, names and addresses of others are in here too; their changes are seen when this time is over.
_known: Remembered[BodyKey, StatusBody] = Remembered(entries=3_000, seconds=300)


def load(keys: Iterable[BodyKey]) -> dict[int, StatusBody]:
    """By status id. Of statuses that are gone there is nothing."""
    _known.tidy()
    found: dict[int, StatusBody] = {}
    missing: dict[int, BodyKey] = {}
    for key in keys:
        body = _known.get(key)
        if body is None:
            missing[key[0]] = key
        else:
            found[key[0]] = body
    if missing:
        for body in _read(list(missing)):
            found[body.id] = body
            _known.put(missing[body.id], body)
    return found


def _read(ids: list[int]) -> list[StatusBody]:
    """Five queries, however many there are."""
    rows = _ROWS.all(ids=ids)
    media = _by_status(_MEDIA.all(ids=ids), lambda row: row.status_id)
    mentions = _by_status(_MENTIONS.all(ids=ids), lambda row: row.status_id)
    tags = _by_status(_TAGS.all(ids=ids), lambda row: row.status_id)
    polls = {poll.status_id: poll for poll in _POLLS.all(ids=ids)}
    for body in rows:
        body.media, body.mentions, body.tags = media[body.id], mentions[body.id], tags[body.id]
        body.poll = polls.get(body.id)
    _show_cards([body for body in rows if body.card_id is not None])
    _name_collections(rows)
    for body in rows:
        body.holds_more = body.poll is not None or body.quote is not None or bool(body.collection_ids)
    return rows


def _show_cards(bodies: list[StatusBody]) -> None:
    """A query more if any of them links to a page, and one if somebody is named as the author of one."""
    found = card_view.load(body.card_id for body in bodies if body.card_id is not None)
    for body in bodies:
        body.card = found.get(body.card_id or 0)


def _name_collections(bodies: list[StatusBody]) -> None:
    """A query more if any of them links to what may be one."""
    found = linked.in_texts({body.id: body.content for body in bodies})
    for body in bodies:
        body.collection_ids = tuple(one.id for one in found.get(body.id, ()))


def _by_status(rows: list[T], status_of: Callable[[T], int]) -> defaultdict[int, tuple[T, ...]]:
    lists: defaultdict[int, list[T]] = defaultdict(list)
    for row in rows:
        lists[status_of(row)].append(row)
    return defaultdict(tuple, {status_id: tuple(many) for status_id, many in lists.items()})


_FIELDS = (
    "id",
    "uri",
    "url",
    "account_id",
    "local",
    "local_only",
    "visibility",
    "kind",
    "content",
    "spoiler_text",
    "sensitive",
    "language",
    "created_at",
    "edited_at",
    "card_id",
    "policy",
)


def _body(*row: Any) -> StatusBody:
    said: dict[str, Any] = dict(zip(_FIELDS, row, strict=False))
    for name in ("local", "local_only", "sensitive"):
        said[name] = bool(said[name])
    emoji, domain, app_id, app_name, app_website, state, *quoted = row[len(_FIELDS) :]
    codes = [] if emoji == "[]" else msgspec.json.decode(emoji, type=list[str])
    return StatusBody(
        **said,
        emoji=emoji_of(domain, codes),
        quote=None if state is None else QuoteView(state, *quoted),
        application=None if app_id is None else ApplicationView(app_id, app_name, app_website),
    )


_ROWS = Prepared(
    lambda: (
        Status.select(
            *(getattr(Status, name.removesuffix("_id")) for name in _FIELDS),
            Status.emoji,
            Account.domain,
            Application.id,
            Application.name,
            Application.website,
            Approval.state,
            Approval.target,
            Approval.target_uri,
            Approval.account,
        )
        .join_from(Status, Account, on=(Account.id == Status.account))
        .join_from(Status, Application, peewee.JOIN.LEFT_OUTER, on=(Application.id == Status.application))
        .join_from(
            Status,
            Approval,
            peewee.JOIN.LEFT_OUTER,
            on=((Approval.status == Status.id) & (Approval.kind == str(ApprovalKind.QUOTE))),
        )
        .where(in_ids(Status.id, param("ids")))
    ),
    _body,
)
_MEDIA = Prepared(
    lambda: (
        MediaAttachment.select(*columns(MediaAttachment))
        .where(in_ids(MediaAttachment.status, param("ids")))
        .order_by(MediaAttachment.position, MediaAttachment.id)
    ),
    row_of(MediaAttachment),
)
_MENTIONS = Prepared(
    lambda: (
        Mention.select(Mention.status, Account.id, Account.username, Account.domain, Account.url, Account.uri)
        .join(Account, on=(Account.id == Mention.account))
        .where(in_ids(Mention.status, param("ids")), ~Mention.silent)
        .order_by(Mention.id)
    ),
    lambda status_id, account_id, name, domain, url, uri: MentionView(
        status_id, account_id, name, domain, url or uri
    ),
)
_TAGS = Prepared(
    lambda: (
        StatusTag.select(StatusTag.status, Tag.key, Tag.name)
        .join(Tag, on=(Tag.id == StatusTag.tag))
        .where(in_ids(StatusTag.status, param("ids")))
        .order_by(Tag.key)
    ),
    TagView,
)


def _poll(poll_id: int, status_id: int, options: str, multiple: Any, hide_totals: Any, *rest: Any) -> PollView:
    titles = msgspec.json.decode(options, type=list[Option])
    return PollView(poll_id, status_id, titles, bool(multiple), bool(hide_totals), *rest)


_POLLS = Prepared(
    lambda: Poll.select(
        Poll.id,
        Poll.status,
        Poll.options,
        Poll.multiple,
        Poll.hide_totals,
        Poll.votes_count,
        Poll.voters_count,
        Poll.expires_at,
        Poll.closed_at,
    ).where(in_ids(Poll.status, param("ids"))),
    _poll,
)
