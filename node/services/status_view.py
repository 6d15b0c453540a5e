"""Statuses as one reader sees them, with everything that their entities and pages show.

    views = status_view.load(timelines.home(account_id, page), account_id)

A fixed number of queries, however many statuses: what changes often (counters) and what is the reader's own (flags)
is asked each time in one narrow query; bodies and authors are remembered by version.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from peewee import SQL

from node.errors import NotFound
from node.models import Account, Bookmark, Favourite, Pin, PollVote, Status, ThreadMute
from node.models.access import exists
from node.services import account_view, reactions, settings, status_bodies
from node.services.account_view import AccountView, EmojiView
from node.services.loading import NOT_FOUND, visible_with_original
from node.services.remembered import Remembered
from node.services.status_bodies import StatusBody
from node.store import Prepared, in_ids, param


class Author(msgspec.Struct, eq=False):
    """An account as it was a moment ago, with what outer layers made of it."""

    view: AccountView
    memo: dict[str, Any] = {}

    @property
    def account(self) -> Account:
        return self.view.account


class ReactionView(msgspec.Struct, frozen=True):
    """One emoji under a status. Of a custom one `name` is `shortcode` or `shortcode@domain`."""

    name: str
    count: int
    mine: bool
    picture: EmojiView | None


class StatusView(msgspec.Struct, kw_only=True, eq=False):
    """`viewer_id` is None for visitors, whose flags are all false."""

    id: int
    body: StatusBody
    author: Author
    viewer_id: int | None
    reblog: "StatusView | None" = None
    in_reply_to_id: int | None
    in_reply_to_account_id: int | None
    thread_id: int | None
    replies_count: int
    reblogs_count: int
    favourites_count: int
    favourited: bool = False
    reblogged: bool = False
    bookmarked: bool = False
    muted: bool = False
    pinned: bool = False
    own_votes: list[int] = []
    reactions: list[ReactionView] = []

    @property
    def shown(self) -> "StatusView":
        """What there is to read: of a boost the boosted status."""
        return self.reblog or self

    @property
    def is_own(self) -> bool:
        return self.viewer_id == self.author.account.id


class _Row(msgspec.Struct, gc=False):
    """The narrow row; from `account_id` on in the order of `_AUTHOR`."""

    id: int
    version: int
    reblog_of_id: int | None
    in_reply_to_id: int | None
    in_reply_to_account_id: int | None
    thread_id: int | None
    replies_count: int
    reblogs_count: int
    favourites_count: int
    reactions: str
    author: tuple[Any, ...]
    flags: tuple[Any, ...]


# All that is shown of an account changes one of these; what does not, such as a badge, is seen a minute later.
_AUTHOR = (
    "id",
    "version",
    "statuses_count",
    "followers_count",
    "following_count",
    "last_status_at",
    "silenced_at",
    "suspended_at",
    "sensitized_at",
    "moved_to",
)


def _into(*values: Any) -> _Row:
    end = 10 + len(_AUTHOR)
    return _Row(*(*values[:10], values[10:end], values[end:]))


def _rows(viewer: Any) -> Any:
    columns = [
        Status.id,
        Status.version,
        Status.reblog_of,
        Status.in_reply_to,
        Status.in_reply_to_account,
        Status.thread,
        Status.replies_count,
        Status.reblogs_count,
        Status.favourites_count,
        Status.reactions,
        *(getattr(Account, name) for name in _AUTHOR),
    ]
    return Status.select(*columns, *(_flags(viewer) if viewer is not None else ()))


def _flags(viewer: Any) -> list[Any]:
    boost = Status.alias()
    return [
        exists(Favourite, Favourite.account == viewer, Favourite.status == Status.id),
        exists(boost, boost.account == viewer, boost.reblog_of == Status.id),
        exists(Bookmark, Bookmark.account == viewer, Bookmark.status == Status.id),
        exists(ThreadMute, ThreadMute.account == viewer, ThreadMute.thread == Status.thread),
        (Status.account == viewer) & exists(Pin, Pin.status == Status.id),
    ]


def _with_author(query: Any) -> Any:
    return query.join_from(Status, Account, on=(Account.id == Status.account)).where(in_ids(Status.id, param("ids")))


_FOR_READER = Prepared(lambda: _with_author(_rows(param("viewer"))), _into)
_FOR_VISITOR = Prepared(lambda: _with_author(_rows(None)), _into)
_VISIBLE = Prepared(
    lambda: visible_with_original(_rows(param("viewer")), param("viewer")).where(Status.id == param("id")), _into
)
_VISIBLE_TO_VISITOR = Prepared(
    lambda: visible_with_original(_rows(None), SQL("0")).where(Status.id == param("id")), _into
)
_VOTES = Prepared(
    lambda: (
        PollVote.select(PollVote.poll, PollVote.choice)
        .where(PollVote.account == param("viewer"), in_ids(PollVote.poll, param("polls")))
        .order_by(PollVote.choice)
    ),
    lambda poll_id, choice: (int(poll_id), int(choice)),
)

_authors: Remembered[tuple[Any, ...], Author] = Remembered(entries=3_000, seconds=60)


def load(status_ids: Sequence[int], viewer_id: int | None) -> list[StatusView]:
    """In the order given; what is gone is left out. The ids are those that the viewer may read."""
    if not status_ids:
        return []
    rows = {row.id: row for row in _narrow(list(status_ids), viewer_id)}
    return _complete([rows[i] for i in status_ids if i in rows], viewer_id)


def one(viewer_id: int | None, status_id: int) -> StatusView:
    """NotFound, unless the viewer may read it."""
    if viewer_id is None:
        row = _VISIBLE_TO_VISITOR.first(id=status_id)
    else:
        row = _VISIBLE.first(viewer=viewer_id, id=status_id)
    views = [] if row is None else _complete([row], viewer_id)
    if not views:
        raise NotFound(NOT_FOUND)
    return views[0]


def by_id(status_ids: Iterable[int], viewer_id: int | None) -> dict[int, StatusView]:
    """The same as `load`, to be looked up."""
    return {view.id: view for view in load(list(dict.fromkeys(status_ids)), viewer_id)}


def _narrow(ids: list[int], viewer_id: int | None) -> list[_Row]:
    return _FOR_VISITOR.all(ids=ids) if viewer_id is None else _FOR_READER.all(ids=ids, viewer=viewer_id)


def _complete(rows: list[_Row], viewer_id: int | None) -> list[StatusView]:
    known = {row.id for row in rows}
    boosted = [i for row in rows if (i := row.reblog_of_id) is not None and i not in known]
    originals = _narrow(boosted, viewer_id) if boosted else []
    every = [*rows, *originals] if originals else rows
    bodies = status_bodies.load((row.id, row.version) for row in every)
    authors = _load_authors({row.author for row in every})
    votes = _load_votes(bodies.values(), viewer_id)
    views: dict[int, StatusView] = {}
    for row in originals:
        if view := _view(row, bodies, authors, votes, viewer_id):
            views[row.id] = view
    for row in rows:
        if view := _view(row, bodies, authors, votes, viewer_id):
            views[row.id] = view
    _add_reactions(every, views, viewer_id)
    return [view for row in rows if (view := _with_original(views.get(row.id), row, views)) is not None]


def _with_original(view: StatusView | None, row: _Row, views: dict[int, StatusView]) -> StatusView | None:
    """A boost without what it boosts, which went a moment ago, is nothing."""
    if view is None or row.reblog_of_id is None:
        return view
    original = views.get(row.reblog_of_id)
    if original is None:
        return None
    view.reblog = original
    # Whatever a reader did to the one was done to the other.
    view.favourited, view.reblogged, view.bookmarked = original.favourited, original.reblogged, original.bookmarked
    view.muted = original.muted
    return view


def _view(
    row: _Row,
    bodies: dict[int, StatusBody],
    authors: dict[tuple[Any, ...], Author],
    votes: dict[int, list[int]],
    viewer_id: int | None,
) -> StatusView | None:
    body, author = bodies.get(row.id), authors.get(row.author)
    if body is None or author is None:
        return None
    view = StatusView(
        id=row.id,
        body=body,
        author=author,
        viewer_id=viewer_id,
        in_reply_to_id=row.in_reply_to_id,
        in_reply_to_account_id=row.in_reply_to_account_id,
        thread_id=row.thread_id,
        replies_count=row.replies_count,
        reblogs_count=row.reblogs_count,
        favourites_count=row.favourites_count,
    )
    if row.flags:
        favourited, reblogged, bookmarked, muted, pinned = row.flags
        view.favourited, view.reblogged, view.bookmarked = bool(favourited), bool(reblogged), bool(bookmarked)
        view.muted, view.pinned = bool(muted), bool(pinned)
        if body.poll is not None:
            view.own_votes = votes.get(body.poll.id, [])
    return view


def _load_authors(keys: set[tuple[Any, ...]]) -> dict[tuple[Any, ...], Author]:
    _authors.tidy()
    found = {key: author for key in keys if (author := _authors.get(key)) is not None}
    missing = [key for key in keys if key not in found]
    if missing:
        views = {view.account.id: view for view in account_view.load(list({key[0] for key in missing}))}
        for key in missing:
            if key[0] in views:
                found[key] = Author(view=views[key[0]])
                _authors.put(key, found[key])
    return found


def _add_reactions(rows: list[_Row], views: dict[int, StatusView], viewer_id: int | None) -> None:
    """One query more for what the reader did, and only if there is anything to show."""
    under = {row.id: row.reactions for row in rows if row.reactions != "[]" and row.id in views}
    if not under or not settings.current().emoji_reactions:
        return
    own = reactions.own(viewer_id, under) if viewer_id is not None else set()
    for status_id, counts in under.items():
        views[status_id].reactions = [
            ReactionView(name, count, (status_id, name) in own, picture_of(name))
            for name, count in reactions.decode(counts)
        ]


def picture_of(name: str) -> EmojiView | None:
    """Of a custom emoji that a reaction names."""
    shortcode, _, domain = name.partition("@")
    return next(iter(account_view.emoji_of(domain, (shortcode,))), None) if name.isascii() else None


def _load_votes(bodies: Iterable[StatusBody], viewer_id: int | None) -> dict[int, list[int]]:
    polls = [body.poll.id for body in bodies if body.poll is not None]
    if not polls or viewer_id is None:
        return {}
    votes: defaultdict[int, list[int]] = defaultdict(list)
    for poll_id, choice in _VOTES.all(viewer=viewer_id, polls=polls):
        votes[poll_id].append(choice)
    return dict(votes)
