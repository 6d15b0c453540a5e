"""Statuses as one reader sees them, with everything that their entities and pages show.

    views = status_view.load(timelines.home(account_id, page), account_id)

A fixed number of queries, however many statuses: what changes often (counters) and what is the reader's own (flags)
is asked each time in one narrow query; bodies and authors are remembered by version.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from node.errors import NotFound
from node.models import ApprovalState, PollVote
from node.services.accounts import authors
from node.services.accounts.authors import Author
from node.services.approvals import quoted
from node.services.approvals.policies import Relation
from node.services.approvals.quoted import Quoted
from node.services.collections import view as collection_view
from node.services.collections.view import CollectionView
from node.services.filters import rules as filter_rules
from node.services.filters.rules import Match
from node.services.interactions import reaction_view
from node.services.interactions.reaction_view import ReactionView
from node.services.statuses import bodies as status_bodies
from node.services.statuses import rows as status_rows
from node.services.statuses.bodies import StatusBody
from node.services.statuses.loading import NOT_FOUND
from node.services.statuses.rows import Row
from node.store import Prepared, in_ids, param


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
    collections: list[CollectionView] = []

    @property
    def relation(self) -> Relation:
        """How the reader stands to the author, for policies."""
        return Relation(
            is_author=self.is_own,
            follows=self.follows_author,
            followed=self.followed_by_author,
            named=self.is_named,
        )

    @property
    def is_named(self) -> bool:
        mentions = self.body.mentions
        return bool(mentions) and any(one.id == self.viewer_id for one in mentions)

    @property
    def shown(self) -> "StatusView":
        """What there is to read: of a boost the boosted status."""
        return self.reblog or self

    @property
    def is_own(self) -> bool:
        return self.viewer_id == self.author.id


_VOTES = Prepared(
    lambda: (
        PollVote.select(PollVote.poll, PollVote.choice)
        .where(PollVote.account == param("viewer"), in_ids(PollVote.poll, param("polls")))
        .order_by(PollVote.choice)
    ),
    lambda poll_id, choice: (int(poll_id), int(choice)),
)


def load(status_ids: Sequence[int], viewer_id: int | None) -> list[StatusView]:
    """In the order given; what is gone is left out. The ids are those that the viewer may read."""
    if not status_ids:
        return []
    rows = {row.id: row for row in status_rows.of(list(status_ids), viewer_id)}
    return _complete([rows[i] for i in status_ids if i in rows], viewer_id)


def one(viewer_id: int | None, status_id: int) -> StatusView:
    """NotFound, unless the viewer may read it."""
    row = status_rows.visible(status_id, viewer_id)
    views = [] if row is None else _complete([row], viewer_id)
    if not views:
        raise NotFound(NOT_FOUND)
    return views[0]


def by_id(status_ids: Iterable[int], viewer_id: int | None) -> dict[int, StatusView]:
    """The same as `load`, to be looked up."""
    return {view.id: view for view in load(list(dict.fromkeys(status_ids)), viewer_id)}


def _complete(rows: list[Row], viewer_id: int | None, depth: int = 0) -> list[StatusView]:
    known = {row.id for row in rows}
    boosted = [i for row in rows if (i := row.reblog_of_id) is not None and i not in known]
    originals = status_rows.of(boosted, viewer_id) if boosted else []
    every = [*rows, *originals] if originals else rows
    bodies = status_bodies.load((row.id, row.version) for row in every)
    by_key = authors.by_keys(row.author for row in every)
    holding = [body for body in bodies.values() if body.holds_more]
    votes = _load_votes(holding, viewer_id) if holding else {}
    quoting = [body for body in holding if body.quote is not None]
    quotes = (_name_quoted if depth else _show_quoted)(quoting, viewer_id) if quoting else {}
    views: dict[int, StatusView] = {}
    for row in originals:
        if view := _view(row, bodies, by_key, votes, viewer_id):
            views[row.id] = view
    for row in rows:
        if view := _view(row, bodies, by_key, votes, viewer_id):
            views[row.id] = view
    reacted = {row.id: row.reactions for row in every if row.reactions != reaction_view.NONE and row.id in views}
    if reacted:
        for status_id, reactions in reaction_view.load(reacted, viewer_id).items():
            views[status_id].reactions = reactions
    for status_id, quote in quotes.items():
        if status_id in views:
            views[status_id].quote = quote
    _add_matches(views.values(), viewer_id)
    if holding:
        _add_collections([view for view in views.values() if view.body.collection_ids], viewer_id)
    return [view for row in rows if (view := _with_original(views.get(row.id), row, views)) is not None]


def _show_quoted(bodies: Iterable[StatusBody], viewer_id: int | None) -> dict[int, Quote]:
    """Two questions more and what the quoted show, if anything is quoted."""
    found = quoted.by_quoting(bodies, viewer_id)
    wanted = list(dict.fromkeys(one.status_id for one in found.values() if one.status_id is not None))
    rows = status_rows.of(wanted, viewer_id) if wanted else []
    views = {view.id: view for view in _complete(rows, viewer_id, depth=1)} if rows else {}
    return {i: _quote(one, views) for i, one in found.items()}


def _quote(found: Quoted, views: "dict[int, StatusView]") -> Quote:
    if found.status_id is None or found.status_id in views:
        return Quote(found.state, views.get(found.status_id or 0), found.status_id)
    return Quote(ApprovalState.UNAUTHORIZED)  # it went a moment ago


def _name_quoted(bodies: Iterable[StatusBody], viewer_id: int | None) -> dict[int, Quote]:
    """Quotes within what is quoted: ids alone."""
    return {i: Quote(one.state, None, one.status_id) for i, one in quoted.within_quoted(bodies, viewer_id).items()}


def _with_original(view: StatusView | None, row: Row, views: dict[int, StatusView]) -> StatusView | None:
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
    row: Row,
    bodies: dict[int, StatusBody],
    by_key: dict[authors.Key, Author],
    votes: dict[int, list[int]],
    viewer_id: int | None,
) -> StatusView | None:
    body, author = bodies.get(row.id), by_key.get(row.author)
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


def _add_matches(views: Iterable[StatusView], viewer_id: int | None) -> None:
    """What the reader's filters say about what others wrote; a boost takes it over from what it shows."""
    rules = filter_rules.active(viewer_id) if viewer_id is not None else ()
    if not rules:
        return
    for view in views:
        if not view.is_own:
            view.filtered = filter_rules.matching(rules, view.body)


def _add_collections(views: list[StatusView], viewer_id: int | None) -> None:
    """Those that posts link to and the reader may see, if any post does: a few questions more."""
    if not views:
        return
    wanted = list(dict.fromkeys(i for view in views for i in view.body.collection_ids))
    found = collection_view.by_ids(viewer_id, wanted)
    for view in views:
        view.collections = [found[i] for i in view.body.collection_ids if i in found]


def _load_votes(bodies: Iterable[StatusBody], viewer_id: int | None) -> dict[int, list[int]]:
    polls = [body.poll.id for body in bodies if body.poll is not None]
    if not polls or viewer_id is None:
        return {}
    votes: defaultdict[int, list[int]] = defaultdict(list)
    for poll_id, choice in _VOTES.all(viewer=viewer_id, polls=polls):
        votes[poll_id].append(choice)
    return dict(votes)
