"""Statuses as one reader sees them, with everything that their entities and pages show.

    views = status_view.load(timelines.home(account_id, page), account_id)

A fixed number of queries, however many statuses: what changes often (counters) and what is the reader's own (flags)
is asked each time in one narrow query; bodies and authors are remembered by version.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from peewee import SQL, Case

from node import clock
from node.errors import NotFound
from node.models import (
    Account,
    ApprovalState,
    Block,
    Bookmark,
    Favourite,
    Follow,
    Mute,
    Pin,
    PollVote,
    Status,
    ThreadMute,
)
from node.models.access import domain_blocked, exists, visible
from node.services import account_view, filter_rules, reactions, settings, status_bodies
from node.services.account_view import AccountView, EmojiView
from node.services.filter_rules import Match
from node.services.loading import NOT_FOUND, visible_ids, visible_with_original
from node.services.policies import Relation
from node.services.remembered import Remembered
from node.services.status_bodies import QuoteView, StatusBody
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


class Quote(msgspec.Struct):
    """What a status quotes, as the reader may have it: `status` is None where there is nothing to show.

    Of a quote within a quote only `status_id` is known.
    """

    state: str
    status: "StatusView | None" = None
    status_id: int | None = None


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
    quotes_count: int = 0
    follows_author: bool = False  # both are asked only where a policy speaks of followers
    followed_by_author: bool = False
    quote: Quote | None = None
    filtered: tuple[Match, ...] = ()

    @property
    def relation(self) -> Relation:
        """How the reader stands to the author, for policies."""
        return Relation(
            is_author=self.is_own,
            follows=self.follows_author,
            followed=self.followed_by_author,
            named=any(one.id == self.viewer_id for one in self.body.mentions),
        )

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
    quotes_count: int
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
    end = 11 + len(_AUTHOR)
    return _Row(*(*values[:11], values[11:end], values[end:]))


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
        Status.quotes_count,
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
        _speaks_of_followers() & exists(Follow, Follow.account == viewer, Follow.target == Status.account),
        _speaks_of_followers() & exists(Follow, Follow.account == Status.account, Follow.target == viewer),
    ]


def _speaks_of_followers() -> Any:
    """The policy names followers, or those whom the author follows."""
    return Status.policy.contains("follow")


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


def _quoted() -> Any:
    """(id, state) of those that the reader may read, if need be past a warning."""
    viewer = param("viewer")
    mute = exists(
        Mute,
        Mute.account == viewer,
        Mute.target == Account.id,
        Mute.expires_at.is_null() | (Mute.expires_at > param("now")),
    )
    reason = Case(
        None,
        [
            (exists(Block, Block.account == viewer, Block.target == Account.id), "blocked_account"),
            (domain_blocked(viewer, Account), "blocked_domain"),
            (mute, "muted_account"),
        ],
        str(ApprovalState.ACCEPTED),
    )
    query = Status.select(Status.id, reason).join(Account, on=(Account.id == Status.account))
    return query.where(
        in_ids(Status.id, param("ids")),
        Status.reblog_of.is_null(),
        visible(Status, Account, viewer, hides_blocked=False),
    )


_QUOTED = Prepared(_quoted, lambda status_id, state: (int(status_id), str(state)))

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


def _complete(rows: list[_Row], viewer_id: int | None, depth: int = 0) -> list[StatusView]:
    known = {row.id for row in rows}
    boosted = [i for row in rows if (i := row.reblog_of_id) is not None and i not in known]
    originals = _narrow(boosted, viewer_id) if boosted else []
    every = [*rows, *originals] if originals else rows
    bodies = status_bodies.load((row.id, row.version) for row in every)
    authors = _load_authors({row.author for row in every})
    votes = _load_votes(bodies.values(), viewer_id)
    quoting = any(body.quote is not None for body in bodies.values())
    quotes = (_read_deeper if depth else _read_quotes)(bodies.values(), viewer_id) if quoting else {}
    views: dict[int, StatusView] = {}
    for row in originals:
        if view := _view(row, bodies, authors, votes, viewer_id):
            views[row.id] = view
    for row in rows:
        if view := _view(row, bodies, authors, votes, viewer_id):
            views[row.id] = view
    _add_reactions(every, views, viewer_id)
    for status_id, quote in quotes.items():
        if status_id in views:
            views[status_id].quote = quote
    _add_matches(views.values(), viewer_id)
    return [view for row in rows if (view := _with_original(views.get(row.id), row, views)) is not None]


def _read_quotes(bodies: Iterable[StatusBody], viewer_id: int | None) -> dict[int, Quote]:
    """By the id of the quoting status. Two questions more and what the quoted show, if anything is quoted."""
    said = {body.id: body.quote for body in bodies if body.quote is not None}
    wanted = {one.status_id for one in said.values() if one.state == ApprovalState.ACCEPTED and one.status_id}
    rows = _QUOTED.all(ids=list(wanted), viewer=viewer_id or 0, now=clock.now_ms()) if wanted else []
    reasons = dict(rows)
    quoted = _complete(_narrow(list(reasons), viewer_id), viewer_id, depth=1) if reasons else []
    views = {view.id: view for view in quoted}
    return {i: _quote(one, views, reasons) for i, one in said.items()}


def _quote(said: QuoteView, views: "dict[int, StatusView]", reasons: dict[int, str]) -> Quote:
    if said.state != ApprovalState.ACCEPTED:
        return Quote(said.state)
    if said.status_id is None:
        return Quote(ApprovalState.DELETED)
    view = views.get(said.status_id)
    # What the reader may not know of looks like what was never allowed.
    return Quote(ApprovalState.UNAUTHORIZED) if view is None else Quote(reasons[view.id], view, view.id)


def _read_deeper(bodies: Iterable[StatusBody], viewer_id: int | None) -> dict[int, Quote]:
    """Quotes within what is quoted: ids alone, of those that the reader may read."""
    said = {body.id: body.quote for body in bodies if body.quote is not None}
    accepted = [one.status_id for one in said.values() if one.state == ApprovalState.ACCEPTED and one.status_id]
    readable = set(visible_ids(viewer_id, accepted))
    found: dict[int, Quote] = {}
    for status_id, one in said.items():
        hidden = one.state == ApprovalState.ACCEPTED and one.status_id not in readable
        gone = hidden and one.status_id is None
        state = ApprovalState.DELETED if gone else ApprovalState.UNAUTHORIZED if hidden else one.state
        found[status_id] = Quote(state, None, one.status_id if state == ApprovalState.ACCEPTED else None)
    return found


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
    view.filtered = original.filtered or view.filtered
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
        quotes_count=row.quotes_count,
    )
    if row.flags:
        favourited, reblogged, bookmarked, muted, pinned, follows, followed = row.flags
        view.follows_author, view.followed_by_author = bool(follows), bool(followed)
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


def _add_matches(views: Iterable[StatusView], viewer_id: int | None) -> None:
    """What the reader's filters say about what others wrote; a boost takes it over from what it shows."""
    rules = filter_rules.active(viewer_id) if viewer_id is not None else ()
    if not rules:
        return
    for view in views:
        if not view.is_own:
            view.filtered = filter_rules.matching(rules, view.body)


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
