"""Bodies of requests, read within limits of size and time."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import IO, Any

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from node import store
from node.errors import BadInput, Unavailable
from node.media import scratch
from node.services.community import settings
from web.files.upload import Upload
from web.keys import CONFIG

MAX_BYTES = 1 << 20  # of anything but a form with files
MAX_PARTS = 100
MAX_FILES = 4

_BODY_SECONDS = 20.0
_CHUNK_SECONDS = 20.0  # a client that sends nothing for so long has gone
_FORM_SECONDS = 600.0
_CHUNK = 1 << 16
_PIECE = 1 << 20
_LARGE: web.RequestKey[int] = web.RequestKey("large", int)
# What aiohttp's reader of multipart raises for parts that are not what they should be.
_MALFORMED = (ValueError, RuntimeError, AssertionError, LookupError, web.RequestPayloadError, HttpProcessingError)


class TooSlow(BadInput):
    """408"""


class TooLarge(BadInput):
    """413"""


def allow_files(request: web.Request, most_bytes: int) -> None:
    """Before the form is read, and only for somebody who is signed in: its files may be as large as a film."""
    request[_LARGE] = most_bytes


async def read(request: web.Request) -> bytes:
    """The whole body, at most `MAX_BYTES`."""
    async with _deadline(_BODY_SECONDS):
        try:
            return await request.read()
        except web.HTTPRequestEntityTooLarge as error:
            raise TooLarge("The request is too large.") from error
        except (ValueError, web.RequestPayloadError) as error:  # what its Content-Encoding says is not true
            raise BadInput("The body cannot be read.") from error


async def multipart(request: web.Request) -> list[tuple[str, str | Upload]]:
    """The fields of a multipart form, in order (RFC 7578)."""
    fields: list[tuple[str, str | Upload]] = []
    now = await store.point(settings.current)
    left = _Budget(now.max_image_bytes, max(now.max_image_bytes, request.get(_LARGE, 0)))
    async with _deadline(_FORM_SECONDS):
        try:
            reader = await request.multipart()
            while (part := await reader.next()) is not None:
                if not isinstance(part, BodyPartReader) or len(fields) >= MAX_PARTS:
                    raise BadInput("The form has parts that nobody asked for.")
                fields.append((part.name or "", await _field(request, part, left)))
        except _MALFORMED as error:
            raise BadInput("The form cannot be read.") from error
    return fields


class _Budget:
    """What a form may still hold: each file as much as is allowed, all texts together as much as a body."""

    def __init__(self, memory_bytes: int, file_bytes: int) -> None:
        self.memory_bytes = memory_bytes
        self.file_bytes = file_bytes
        self.files = MAX_FILES
        self.text_bytes = MAX_BYTES


async def _field(request: web.Request, part: BodyPartReader, left: _Budget) -> str | Upload:
    if part.filename is not None:
        left.files -= 1
        if left.files < 0:
            raise BadInput("The form has too many files.")
        return await _file(request, part, left)
    data = await _bytes(part, left.text_bytes, "The request is too large.")
    left.text_bytes -= len(data)
    return data.decode("utf-8", "replace")


async def _bytes(part: BodyPartReader, limit: int, refusal: str) -> bytes:
    data = bytearray()
    while chunk := await _chunk(part):
        data += chunk
        if len(data) > limit:
            raise TooLarge(refusal)
    return bytes(data)


async def _file(request: web.Request, part: BodyPartReader, left: _Budget) -> Upload:
    """In memory as far as pictures are; what is larger, where it may be, goes to a temporary file on its way."""
    data, size, file = bytearray(), 0, None
    try:
        while chunk := await _chunk(part):
            data += chunk
            size += len(chunk)
            if size > left.file_bytes:
                raise TooLarge("The file is too large.")
            if len(data) > (left.memory_bytes if file is None else _PIECE):
                if file is None:
                    folder = await asyncio.to_thread(scratch.folder, request.app[CONFIG])
                    file = tempfile.NamedTemporaryFile(dir=folder)  # noqa: SIM115  the upload closes it
                await asyncio.to_thread(to_disk, file, bytes(data))
                data.clear()
        if file is None:
            return Upload(bytes(data), part.filename or "")
        await asyncio.to_thread(to_disk, file, bytes(data))
    except BaseException:
        # The thread that failed may hold what it raised, and with it all of this, for some time.
        if file is not None:
            with suppress(OSError):  # which also comes of what is still to be written
                file.close()
        raise
    return Upload(b"", part.filename or "", file=file)


def to_disk(file: IO[bytes], data: bytes) -> None:
    """`Unavailable` where there is no room."""
    try:
        file.write(data)
        file.flush()
    except OSError as error:
        raise Unavailable("The file could not be stored. Try again later.") from error


async def _chunk(part: BodyPartReader) -> bytes:
    async with asyncio.timeout(_CHUNK_SECONDS):
        chunk: Any = await part.read_chunk(_CHUNK)
    return bytes(chunk)


@asynccontextmanager
async def _deadline(seconds: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise TooSlow("The request took too long to arrive.") from error
