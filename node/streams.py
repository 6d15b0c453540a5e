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
import socket
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from pathlib import Path

import msgspec
import structlog

from node.store import after_commit

log = structlog.get_logger()

_QUEUE = 200  # events that a slow subscriber may be behind
_DATAGRAM = 60_000  # bytes, well under what a Unix datagram carries
_TOPICS_PER_DATAGRAM = 500
_BACKLOG = 1_000  # datagrams kept for one process that does not read; Linux itself keeps ten
_RETRY_SECONDS = 0.01
_COMMAND_WAITS_SECONDS = 0.5


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
_siblings: "_Siblings | None" = None
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
        _siblings.send(event)
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


class _Siblings:
    """A datagram socket for each process in `<data>/run`; sending reaches every other one that lives."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._peers: list[str] = []
        self._looked_at = 0.0
        self._changed = 0
        self._own: Path | None = None
        self._backlog: dict[str, deque[bytes]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.settimeout(_COMMAND_WAITS_SECONDS)

    def listen(self, slot: int) -> None:
        """Be heard, and hear; on the running loop."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._own = self._folder / f"{slot}.sock"
        self._own.unlink(missing_ok=True)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self._socket.bind(str(self._own))
        self._socket.setblocking(False)
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self._receive)

    def close(self) -> None:
        if self._own is not None and self._loop is not None:
            self._loop.remove_reader(self._socket)
            self._own.unlink(missing_ok=True)
        self._socket.close()

    def send(self, event: Event) -> None:
        self._look_for_peers()
        if not self._peers:
            return
        for start in range(0, len(event.topics), _TOPICS_PER_DATAGRAM):
            part = Event(event.topics[start : start + _TOPICS_PER_DATAGRAM], event.kind, event.id, event.detail)
            data = msgspec.msgpack.encode(part)
            for peer in self._peers:
                self._send(peer, data)

    def _look_for_peers(self) -> None:
        """Whenever one came or went; and each second, for clocks of file systems are coarse."""
        try:
            changed = self._folder.stat().st_mtime_ns
        except FileNotFoundError:  # a command beside a node that has never run
            return
        if changed != self._changed or time.monotonic() - self._looked_at > 1:
            self._peers = [str(path) for path in self._folder.glob("*.sock") if path != self._own]
            self._changed, self._looked_at = changed, time.monotonic()

    def _send(self, peer: str, data: bytes) -> None:
        if peer in self._backlog:
            self._backlog[peer].append(data)
        elif not self._took(peer, data) and self._loop is not None:
            self._backlog[peer] = deque([data], maxlen=_BACKLOG)
            self._loop.call_later(_RETRY_SECONDS, self._resend, peer)

    def _took(self, peer: str, data: bytes) -> bool:
        """False, if it must be sent again. A dead peer misses an event, which is no loss (see the module)."""
        try:
            self._socket.sendto(data, peer)
        except (BlockingIOError, TimeoutError):
            return False
        except OSError as error:
            log.debug("a process does not hear", process=peer, error=str(error))
        return True

    def _resend(self, peer: str) -> None:
        """In the order in which they were published, until the peer is full again or has all."""
        waiting = self._backlog[peer]
        while waiting and self._took(peer, waiting[0]):
            waiting.popleft()
        if not waiting:
            del self._backlog[peer]
        elif self._loop is not None:
            self._loop.call_later(_RETRY_SECONDS, self._resend, peer)

    def _receive(self) -> None:
        for _ in range(100):
            try:
                data = self._socket.recv(_DATAGRAM)
            except BlockingIOError:
                return
            try:
                deliver(msgspec.msgpack.decode(data, type=Event))
            except msgspec.DecodeError:
                log.warning("a datagram that is no event", size_bytes=len(data))


def start(folder: Path, slot: int) -> None:
    """Join the other processes of this host; `folder` is `<data>/run`. Call on the running loop."""
    global _siblings
    stop()
    _siblings = _Siblings(folder)
    _siblings.listen(slot)


def stop() -> None:
    global _siblings
    if _siblings is not None:
        _siblings.close()
        _siblings = None


@contextlib.contextmanager
def announcing(folder: Path) -> Iterator[None]:
    """For commands beside a running node: what they publish is heard by its processes; they hear nothing."""
    global _siblings
    _siblings = _Siblings(folder)
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
