"""Files of other servers passed on as they come, in parts if those are asked for: what is large, or not to be kept."""

import asyncio
import re
from collections import Counter, OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, contextmanager

import aiohttp
from aiohttp import hdrs, web

from federation import uris
from federation.errors import FetchError
from federation.http.answers import Stream
from federation.http.door import Door
from node.errors import NotFound, Unavailable
from web.files.remote_files import ACCEPT, RemoteFiles, name_of, sniffed

MOST_BYTES = 2 << 30
_DEADLINE_SECONDS = 1800.0
_READER_SECONDS = 30.0  # who takes nothing for so long has gone
_HEAD_BYTES = 64

# A reader who is slow holds a connection that deliveries to that server need, too.
_AT_ONCE = 32
_AT_ONCE_OF_A_HOST = 2

_RANGE = re.compile(r"bytes=(?:\d{1,15}-\d{0,15}|-\d{1,15})", re.ASCII)
_CONTENT_RANGE = re.compile(r"bytes \d{1,15}-\d{1,15}/(?:\d{1,15}|\*)", re.ASCII)
_MOST_REMEMBERED = 2_000

_busy: Counter[str] = Counter()
_types: OrderedDict[str, str] = OrderedDict()

Headers = Callable[[str], dict[str, str]]


async def pass_on(
    files: RemoteFiles, door: Door, request: web.Request, url: str, headers: Headers
) -> web.StreamResponse:
    """`headers` are those for a type. Raises a NodeError as long as nothing has been answered."""
    name = name_of(url)
    files.flights.raise_failure(name)
    asked = request.headers.get(hdrs.RANGE, "")
    part: dict[str, str] = {"Range": asked} if _RANGE.fullmatch(asked) else {}
    with _turn(uris.host_of(url) or ""):
        try:
            mime = await _type_of(door, url) if part else ""
            async with door.stream(
                url, accept=ACCEPT, headers=part, deadline_seconds=2 * _DEADLINE_SECONDS
            ) as stream:
                return await _answer(request, stream, mime, url, headers)
        except (FetchError, NotFound) as error:
            if not part:  # else it may be the part alone that is not there
                files.flights.remember(name, error)
            raise


async def _answer(request: web.Request, stream: Stream, mime: str, url: str, headers: Headers) -> web.StreamResponse:
    told = stream.head.headers
    if told.get(hdrs.CONTENT_ENCODING, "identity") != "identity" or _size(told.get(hdrs.CONTENT_LENGTH)) > MOST_BYTES:
        raise NotFound("This cannot be passed on.")
    async with aclosing(_with_head(stream.chunks)) as chunks:
        first = await anext(chunks, b"")
        mime = mime or _remembered(url, first)
        response = web.StreamResponse(status=_status(stream), headers=headers(mime))
        response.headers[hdrs.ACCEPT_RANGES] = "bytes"
        if response.status == 206:
            response.headers[hdrs.CONTENT_RANGE] = told[hdrs.CONTENT_RANGE]
        if hdrs.CONTENT_LENGTH in told:
            response.content_length = _size(told[hdrs.CONTENT_LENGTH])
        await response.prepare(request)
        if request.method == hdrs.METH_HEAD:
            return response
        if not await _write_all(response, first, chunks) and request.transport is not None:
            request.transport.close()  # so that nobody takes what came for the whole
    return response


async def _write_all(response: web.StreamResponse, first: bytes, chunks: AsyncIterator[bytes]) -> bool:
    """Whether all of it went out."""
    sent = 0
    try:
        async with asyncio.timeout(_DEADLINE_SECONDS):
            while first:
                sent += len(first)
                if sent > MOST_BYTES:
                    return False
                async with asyncio.timeout(_READER_SECONDS):
                    await response.write(first)
                first = await anext(chunks, b"")
            await response.write_eof()
    except (aiohttp.ClientError, OSError, TimeoutError):  # either side is gone
        return False
    return True


async def _with_head(chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """The same, the first one long enough to tell what it is."""
    head = b""
    async for chunk in chunks:
        head += chunk
        if len(head) >= _HEAD_BYTES:
            yield head
            break
    else:
        yield head
        return
    async for chunk in chunks:
        yield chunk


async def _type_of(door: Door, url: str) -> str:
    """A part from the middle does not say what it is part of."""
    known = _types.get(url)
    if known is not None:
        return known
    beginning = await door.fetch(url, accept=ACCEPT, max_bytes=_HEAD_BYTES, is_cut=True)
    return _remembered(url, beginning.body)


def _remembered(url: str, head: bytes) -> str:
    mime = sniffed(head)
    if mime is None:
        raise NotFound("This is neither a picture, nor video, nor sound.")
    _types[url] = mime
    if len(_types) > _MOST_REMEMBERED:
        _types.popitem(last=False)
    return mime


def _status(stream: Stream) -> int:
    """206 only with a range that makes sense."""
    told = stream.head.headers.get(hdrs.CONTENT_RANGE, "")
    if stream.head.status != 206:
        return 200
    if not _CONTENT_RANGE.fullmatch(told):
        raise NotFound("This cannot be passed on.")
    return 206


def _size(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 16 else 0


@contextmanager
def _turn(host: str) -> Iterator[None]:
    if _busy.total() >= _AT_ONCE or _busy[host] >= _AT_ONCE_OF_A_HOST:
        raise Unavailable("Too many files of this server are on their way. Try again in a moment.")
    _busy[host] += 1
    try:
        yield
    finally:
        _busy[host] -= 1
        if not _busy[host]:
            del _busy[host]
