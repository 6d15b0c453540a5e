"""One part after the other: what is due to be asked, and what follows from the answers."""

import random
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from node import clock
from node.models import Account, LinkKind, LinkState, Status, ThreadFetch, ThreadLink
from node.models.access import OPEN
from node.services.completion import rows
from node.services.completion.beginning import add_context, recurse
from node.services.completion.rows import MAX_PER_POST
from node.services.statuses import receiving
from node.services.statuses.facts import NoteFacts
from node.services.statuses.loading import by_id, by_uri
from node.store import Prepared, param

AT_ONCE = 12
AT_ONCE_PER_HOST = 4
_LOOKED_AT = 200  # waiting links, among which one host's must not hide all others'
MOST_ATTEMPTS = 3
# Not before a failure is forgotten that is remembered for everybody (federation/http/flights.py).
_SHORTEST_WAIT_MS = 35 * clock.SECOND
_LONGEST_WAIT_MS = clock.HOUR
# What is younger may be news to people here, like everything that arrives (Mastodon draws the line there, too).
_NEWS_MS = 6 * clock.HOUR


class Link(msgspec.Struct, frozen=True):
    """Something to ask for."""

    id: int
    uri: str
    kind: str
    host: str
    about: str
    room: int
    attempts: int


class Answer(StrEnum):
    GOOD = "good"
    NOTHING = "nothing"  # its server says so, or says nothing that could be used
    LATER = "later"  # its server does not answer, or does not want to just now


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came of asking for a link."""

    link: Link
    answer: Answer
    note: tuple[Account, NoteFacts] | None = None
    items: tuple[str, ...] = ()  # posts that a list names
    next_uri: str = ""
    total: int | None = None
    context_uri: str = ""  # the list of the thread that a post names itself part of
    wait_ms: int = 0  # the server asked for that much patience


_DUE = Prepared(
    lambda: (
        ThreadLink.select(
            ThreadLink.id,
            ThreadLink.uri,
            ThreadLink.kind,
            ThreadLink.host,
            ThreadLink.about,
            ThreadLink.room,
            ThreadLink.attempts,
        )
        .where(
            ThreadLink.fetch == param("fetch"),
            ThreadLink.state == LinkState.WAITING,
            ThreadLink.due_at <= param("now"),
        )
        .order_by(ThreadLink.due_at, ThreadLink.id)
        .limit(_LOOKED_AT)
    ),
    Link,
)
_NEXT = Prepared(
    lambda: (
        ThreadLink.select(ThreadLink.due_at)
        .where(ThreadLink.fetch == param("fetch"), ThreadLink.state == LinkState.WAITING)
        .order_by(ThreadLink.due_at)
        .limit(1)
    ),
    lambda due_at: int(due_at),
)
_ANNOUNCED = Prepared(
    lambda: Status.update({Status.replies_announced: param("total")}).where(
        Status.uri == param("uri"), ~Status.local
    ),
    tuple,
)


def take(fetch_id: int) -> list[Link]:
    """What to ask for now: not too much at once, and of no host much."""
    taken: list[Link] = []
    of_host: dict[str, int] = {}
    for link in _DUE.all(fetch=fetch_id, now=clock.now_ms()):
        if len(taken) < AT_ONCE and of_host.get(link.host, 0) < AT_ONCE_PER_HOST:
            of_host[link.host] = of_host.get(link.host, 0) + 1
            taken.append(link)
    return taken


def settle(fetch_id: int, outcomes: list[Outcome]) -> int | None:
    """Keep what came, and what is to be asked next. When to go on, or None when nothing is left."""
    fetch = rows.by_id(fetch_id)
    focus = by_id(fetch.focus_id) if fetch is not None else None
    if fetch is None or focus is None:
        return None
    for outcome in outcomes:
        if outcome.answer is Answer.LATER:
            _postpone(fetch, outcome)
        else:
            ThreadLink.update(state=LinkState.DONE).where(ThreadLink.id == outcome.link.id).execute()
            _take_in(fetch, outcome)
    due_at = _NEXT.first(fetch=fetch.id)
    now = clock.now_ms()
    if fetch.finished_at is None and (due_at is None or due_at > now):
        # Whoever has not answered by now may do so later; nobody waits for that.
        fetch.finished_at = now
    rows.save(fetch)
    return due_at


def _postpone(fetch: ThreadFetch, outcome: Outcome) -> None:
    """A server that does not answer is asked again later, for all that waits for it; after some times not any more."""
    link = outcome.link
    attempts = link.attempts + 1
    if attempts >= MOST_ATTEMPTS:
        ThreadLink.update(state=LinkState.FAILED, attempts=attempts).where(ThreadLink.id == link.id).execute()
        return
    wait = max(outcome.wait_ms, _SHORTEST_WAIT_MS * 4**link.attempts)
    due_at = clock.now_ms() + int(min(wait, _LONGEST_WAIT_MS) * random.uniform(1, 1.2))
    ThreadLink.update(due_at=due_at).where(
        ThreadLink.fetch == fetch.id,
        ThreadLink.host == link.host,
        ThreadLink.state == LinkState.WAITING,
        ThreadLink.due_at < due_at,
    ).execute()
    ThreadLink.update(attempts=attempts).where(ThreadLink.id == link.id).execute()


def _take_in(fetch: ThreadFetch, outcome: Outcome) -> None:
    link = outcome.link
    if link.kind in (LinkKind.NOTE, LinkKind.PARENT):
        if outcome.note is not None:
            _store(fetch, outcome, *outcome.note)
        return
    if outcome.total is not None and link.kind == LinkKind.REPLIES:
        _ANNOUNCED.run(uri=link.about, total=outcome.total)
    if link.kind == LinkKind.CONTEXT and not outcome.items and not outcome.next_uri:
        recurse(fetch, _thread_of(fetch))
    _list(fetch, outcome)


def _list(fetch: ThreadFetch, outcome: Outcome) -> None:
    """Ask for the posts that a page names, and for the next page, as far as there is room."""
    link = outcome.link
    items = outcome.items[: link.room]
    listed: Any = Status.select(Status.uri, Status.replies_uri).where(Status.uri.in_(items))
    known: dict[str, str] = dict(listed.tuples()) if items else {}
    for uri in items:
        if uri not in known:
            rows.add(fetch, LinkKind.NOTE, uri, about=link.about, room=MAX_PER_POST)
        elif fetch.recursive and known[uri]:
            rows.add(fetch, LinkKind.REPLIES, known[uri], about=uri, room=MAX_PER_POST)
    if outcome.next_uri:
        # A list that goes on and on counts as if each page named something.
        room = link.room - max(len(items), 1)
        rows.add(fetch, LinkKind(link.kind), outcome.next_uri, about=link.about, room=room)


def _thread_of(fetch: ThreadFetch) -> int | None:
    """As it is now: with a parent that was found, two threads may have become one."""
    focus = by_id(fetch.focus_id)
    return None if focus is None else focus.thread_id


def _store(fetch: ThreadFetch, outcome: Outcome, author: Account, facts: NoteFacts) -> None:
    """A post counts if it belongs to the thread, by what it says itself; a list alone proves nothing."""
    link = outcome.link
    is_new = by_uri(facts.uri) is None
    if is_new and not _belongs(fetch, outcome, facts):
        return
    is_old = facts.created_at < clock.now_ms() - _NEWS_MS
    status = receiving.receive(author, facts, asked=True, quiet=is_old)
    if status is None:
        return
    fetch.found += is_new
    if not is_new and facts.replies_uri and not status.replies_uri:
        Status.update(replies_uri=facts.replies_uri).where(Status.id == status.id).execute()
    if facts.replies_uri and (fetch.recursive or status.id == fetch.focus_id or not facts.in_reply_to_uri):
        rows.add(fetch, LinkKind.REPLIES, facts.replies_uri, about=facts.uri, room=MAX_PER_POST)
    if link.kind == LinkKind.PARENT:
        if facts.in_reply_to_uri and by_uri(facts.in_reply_to_uri) is None:
            rows.add(fetch, LinkKind.PARENT, facts.in_reply_to_uri, about=facts.uri, room=link.room - 1)
        add_context(fetch, status.thread_id)


def _belongs(fetch: ThreadFetch, outcome: Outcome, facts: NoteFacts) -> bool:
    link = outcome.link
    if facts.visibility not in OPEN:
        return False
    if link.kind == LinkKind.PARENT or link.about in (facts.in_reply_to_uri, outcome.context_uri):
        return True
    parent = by_uri(facts.in_reply_to_uri) if facts.in_reply_to_uri else None
    return parent is not None and parent.thread_id == _thread_of(fetch)
