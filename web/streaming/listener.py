"""One client that listens: its streams, the events that concern them, and the end when it may listen no more."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from aiohttp import web

from node import store, streams
from node.errors import TooMany
from node.services.access import signed_in
from node.services.caching import control
from node.streams import Event
from web.client_ip import client_ip, network_of
from web.streaming.messages import Render
from web.streaming.topics import Stream
from web.viewer import Viewer

MAX_STREAMS = 100  # of one client
MAX_LISTENERS = 60  # of one account, or of one network of visitors

_END = Event((), "end")


class Message(NamedTuple):
    label: tuple[str, ...]
    kind: str
    payload: bytes


class Listener:
    """Use it by `listening(…)`."""

    def __init__(self, viewer: Viewer | None, render: Render) -> None:
        self.events = streams.subscribe((control.TOPIC,))
        self._viewer = viewer
        self._viewer_id = None if viewer is None else viewer.account_id
        self._render = render
        self._streams: dict[tuple[str, ...], Stream] = {}

    def add(self, stream: Stream) -> None:
        if len(self._streams) >= MAX_STREAMS and stream.label not in self._streams:
            raise TooMany("These are more streams than one connection can have.")
        self._streams[stream.label] = stream
        self.events.add(stream.topic)
        if stream.also:
            self.events.add(stream.also)

    def remove(self, label: tuple[str, ...]) -> None:
        """Other streams of the same topic stay."""
        stream = self._streams.pop(label, None)
        needed = {topic for other in self._streams.values() for topic in (other.topic, other.also)}
        for topic in () if stream is None else {stream.topic, stream.also} - needed:
            self.events.remove(topic)

    def end(self) -> None:
        self.events.push(_END)

    async def messages(self) -> AsyncIterator[Message]:
        """Until the process stops, the reader may not read any more, or falls too far behind."""
        try:
            async for event in self.events:
                if event is _END or (control.TOPIC in event.topics and await self._is_out(event)):
                    return
                for stream in [
                    one for one in self._streams.values() if one.topic in event.topics or one.also in event.topics
                ]:
                    if event.kind.startswith("notification") and not self._hears_notifications():
                        continue
                    payload = await store.point(self._render, event, stream, self._viewer_id)
                    if payload is not None:
                        yield Message(stream.label, event.kind, payload)
        except streams.Overflow:
            return

    def _hears_notifications(self) -> bool:
        return self._viewer is not None and self._viewer.allows("read:notifications")

    async def _is_out(self, event: Event) -> bool:
        """Whether a control event ends this stream: a token revoked, a session ended, an account suspended."""
        viewer = self._viewer
        if viewer is None:
            return False
        if event.kind == "token_revoked":
            return event.id == viewer.token_id
        if event.kind == "session_ended":
            return event.id == viewer.session_id
        speaks = (viewer.account_id, viewer.capacity.home_id)
        concerns = event.kind.startswith("account_") and event.id in speaks
        if concerns or (event.kind == "user_changed" and event.id == viewer.user_id):
            return await store.point(_is_refused, viewer)
        return False


def _is_refused(viewer: Viewer) -> bool:
    """Asked of the rows: what is remembered may not have been forgotten yet."""
    found = signed_in.person(viewer.user_id, viewer.account_id)
    return found is None or signed_in.refusal(*found) is not None


LISTENERS: web.AppKey[set[Listener]] = web.AppKey("listeners", set)
SEATS: web.AppKey[Counter[str]] = web.AppKey("seats", Counter)  # how many each client has


@contextmanager
def listening(request: web.Request, viewer: Viewer | None, render: Render) -> Iterator[Listener]:
    """A seat for one client; TooMany, when its people have taken all of theirs."""
    client = f"account {viewer.account_id}" if viewer is not None else network_of(client_ip(request))
    seats, taken = request.app[LISTENERS], request.app[SEATS]
    if taken[client] >= MAX_LISTENERS:
        raise TooMany("There are too many open streams already.")
    listener = Listener(viewer, render)
    seats.add(listener)
    taken[client] += 1
    try:
        with listener.events:
            yield listener
    finally:
        seats.discard(listener)
        taken[client] -= 1
        if not taken[client]:
            del taken[client]


async def end_all(app: web.Application) -> None:
    listeners = app[LISTENERS]
    for listener in tuple(listeners):
        listener.end()
