"""Server-sent events: one stream on each connection."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiohttp import web

from node import store
from web import params
from web.streaming import messages
from web.streaming.listener import Listener, listening
from web.streaming.messages import Render
from web.streaming.topics import Stream, open_stream
from web.viewer import Viewer, bearer, require_token, viewer

BEAT_SECONDS = 15.0
STALLED_SECONDS = 30.0  # a client that reads nothing for so long has gone

_HEADERS = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "private, no-store",
    "X-Accel-Buffering": "no",  # nginx would keep events until it has a page of them
}


def of_stream(name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        reader, terms = reader_of(request), dict(params.query_items(request))
        only_media = name.startswith("public") and terms.get("only_media") in ("true", "1")
        stream = await open_stream(reader, f"{name}:media" if only_media else name, terms)
        return await respond(request, reader, stream, messages.entity)

    return handle


def reader_of(request: web.Request) -> Viewer | None:
    """A token that is worth nothing is refused, even where none is needed."""
    if bearer(request) is not None:
        require_token(request)
    return viewer(request)


async def respond(
    request: web.Request, reader: Viewer | None, stream: Stream, render: Render, *, first: Callable[[], bytes] = bytes
) -> web.StreamResponse:
    """What `first` reads goes before all events: from then on none is missed."""
    response = web.StreamResponse(headers=_HEADERS)
    with listening(request, reader, render) as listener:
        listener.add(stream)
        # The client leaving is the ordinary end of a stream, also before anything was said.
        with suppress(ConnectionError, TimeoutError):
            await response.prepare(request)
            beat = asyncio.create_task(_beat(response, listener))
            try:
                await _write(response, b":)\n\n" + await store.point(first))
                await _write_all(response, listener)
            finally:
                beat.cancel()
                with suppress(asyncio.CancelledError):
                    await beat
    return response


async def _write_all(response: web.StreamResponse, listener: Listener) -> None:
    async for message in listener.messages():
        await _write(response, b"event: %b\ndata: %b\n\n" % (message.kind.encode(), message.payload))


async def _write(response: web.StreamResponse, data: bytes) -> None:
    async with asyncio.timeout(STALLED_SECONDS):
        await response.write(data)


async def _beat(response: web.StreamResponse, listener: Listener) -> None:
    """Keeps proxies from closing a silent connection, and ends the stream of a client that has gone."""
    with suppress(ConnectionError, TimeoutError):
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            await _write(response, b":thump\n\n")
    listener.end()


async def healthy(_: web.Request) -> web.Response:
    return web.Response(text="OK")


_BASE = "/api/v1/streaming"
_PATHS = {
    "user": "user",
    "user/notification": "user:notification",
    "public": "public",
    "public/local": "public:local",
    "public/remote": "public:remote",
    "hashtag": "hashtag",
    "hashtag/local": "hashtag:local",
    "list": "list",
    "direct": "direct",
}

ROUTES = [
    web.get(f"{_BASE}/health", healthy),
    *(web.get(f"{_BASE}/{path}", of_stream(name), allow_head=False) for path, name in _PATHS.items()),
]
