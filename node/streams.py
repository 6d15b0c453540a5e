"""Live events: published in a unit of work, sent after its commit, heard by every process of the node.

An event carries ids, never content: whoever hears it asks the database as the reader it speaks for. A missed event is
never lost data, because rows are the truth; so a full queue drops its subscriber rather than growing.

    streams.publish(("user:1", "public"), "update", status_id)      inside a unit of work
    with streams.subscribe(("user:1",)) as events:                   on the loop
        async for event in events: ...

Topics: user:<account>, notifications:<account>, direct:<account>, announcements, list:<list>, public, public:local,
public:remote, hashtag:<key>, hashtag:local:<key>; and for the node itself jobs, deliveries, control.
"""

import asyncio
import contextlib
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from pathlib import Path

import msgspec
import structlog

from node.siblings import Siblings
from node.store import after_commit

log = structlog.get_logger()

_QUEUE = 200  # events that a slow subscriber may be behind
_TOPICS_PER_DATAGRAM = 500


class Event(msgspec.Struct, frozen=True, array_like=True):
    """`kind` is the client API's event name or a word of our own; `detail` is for what an id cannot say."""

    topics: tuple[str, ...]
    kind: str
    id: int = 0
    detail: str = ""


class Overflow(Exception):
    """The subscriber did not keep up; it must start again from the rows."""


class Subscription:
    """Events of some topics. Use as a context manager and iterate; only on the event loop."""

    def __init__(self, topics: Iterable[str]) -> None:
        self.topics = set(topics)
        self._events: deque[Event] = deque()
        self._ready = asyncio.Event()
        self._overflown = False

    def __enter__(self) -> "Subscription":
        for topic in self.topics:
            _subscribers[topic].add(self)
        return self

    def __exit__(self, *_: object) -> None:
        for topic in tuple(self.topics):
            self.remove(topic)

    def __len__(self) -> int:
        """How many events wait."""
        return len(self._events)

    def add(self, topic: str) -> None:
        self.topics.add(topic)
        _subscribers[topic].add(self)

    def remove(self, topic: str) -> None:
        self.topics.discard(topic)
        listeners = _subscribers.get(topic)
        if listeners:
            listeners.discard(self)
            if not listeners:
                del _subscribers[topic]

    def push(self, event: Event) -> None:
        if len(self._events) >= _QUEUE:
            self._overflown = True
        else:
            self._events.append(event)
        self._ready.set()

    async def wait(self) -> None:
        """Until there is an event."""
        await self._ready.wait()

    def drain(self) -> None:
        """Forget what came: for listeners who only need to know that something did."""
        self._events.clear()
        self._overflown = False
        self._ready.clear()

    async def __aiter__(self) -> AsyncIterator[Event]:
        while True:
            await self._ready.wait()
            if self._overflown:
                raise Overflow
            while self._events:
                yield self._events.popleft()
            self._ready.clear()


_subscribers: defaultdict[str, set[Subscription]] = defaultdict(set)
_siblings: Siblings | None = None
_relay: Callable[[Event], None] | None = None


def subscribe(topics: Iterable[str]) -> Subscription:
    return Subscription(topics)


def publish(topics: tuple[str, ...], kind: str, an_id: int = 0, detail: str = "") -> None:
    """After the commit of the current unit, tell everybody who subscribed to one of `topics`."""
    event = Event(topics, kind, an_id, detail)
    after_commit(lambda: _send(event))


def tell_others(topics: tuple[str, ...], kind: str, an_id: int = 0, detail: str = "") -> None:
    """At once, and other processes alone: for what is in memory and in no row."""
    _spread(Event(topics, kind, an_id, detail))


def _send(event: Event) -> None:
    deliver(event)
    _spread(event)


def _spread(event: Event) -> None:
    if _siblings is not None:
        for start in range(0, len(event.topics), _TOPICS_PER_DATAGRAM):
            part = Event(event.topics[start : start + _TOPICS_PER_DATAGRAM], event.kind, event.id, event.detail)
            _siblings.send(msgspec.msgpack.encode(part))
    if _relay is not None:
        _relay(event)


def deliver(event: Event) -> None:
    """Hand an event that came from elsewhere to those who listen in this process."""
    heard: set[Subscription] = set()
    for topic in event.topics:
        listeners = _subscribers.get(topic)
        if listeners:
            heard |= listeners
    for subscription in heard:
        subscription.push(event)


# ── between the processes of one host ──


def _hear(data: bytes) -> None:
    try:
        event = msgspec.msgpack.decode(data, type=Event)
    except msgspec.DecodeError:
        log.warning("a datagram that is no event", size_bytes=len(data))
    else:
        deliver(event)


def start(folder: Path, slot: int) -> None:
    """Join the other processes of this host; `folder` is `<data>/run`. Call on the running loop."""
    global _siblings
    stop()
    _siblings = Siblings(folder)
    _siblings.listen(slot, _hear)


def stop() -> None:
    global _siblings
    if _siblings is not None:
        _siblings.close()
        _siblings = None


@contextlib.contextmanager
def announcing(folder: Path) -> Iterator[None]:
    """For commands beside a running node: what they publish is heard by its processes; they hear nothing."""
    global _siblings
    _siblings = Siblings(folder)
    try:
        yield
    finally:
        stop()


@contextlib.contextmanager
def relaying(relay: Callable[[Event], None]) -> Iterator[None]:
    """Inside the block, whatever is sent from this process goes to `relay` as well (node/hosts.py)."""
    global _relay
    _relay = relay
    try:
        yield
    finally:
        _relay = None
