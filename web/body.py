"""Bodies of requests, read within limits of size and time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from node import store
from node.errors import BadInput
from node.services import settings
from web.upload import Upload

MAX_BYTES = 1 << 20  # of anything but a form with files
MAX_PARTS = 100
MAX_FILES = 4

_BODY_SECONDS = 20.0
_CHUNK_SECONDS = 20.0  # a client that sends nothing for so long has gone
_FORM_SECONDS = 600.0
_CHUNK = 1 << 16
# What aiohttp's reader of multipart raises for parts that are not what they should be.
_MALFORMED = (ValueError, RuntimeError, AssertionError, LookupError, web.RequestPayloadError, HttpProcessingError)


class TooSlow(BadInput):
    """408"""


class TooLarge(BadInput):
    """413"""


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
    left = _Budget((await store.point(settings.current)).max_image_bytes)
    async with _deadline(_FORM_SECONDS):
        try:
            reader = await request.multipart()
            while (part := await reader.next()) is not None:
                if not isinstance(part, BodyPartReader) or len(fields) >= MAX_PARTS:
                    raise BadInput("The form has parts that nobody asked for.")
                fields.append((part.name or "", await _field(part, left)))
        except _MALFORMED as error:
            raise BadInput("The form cannot be read.") from error
    return fields


class _Budget:
    """What a form may still hold: each file as much as a picture, all texts together as much as a body."""

    def __init__(self, file_bytes: int) -> None:
        self.file_bytes = file_bytes
        self.files = MAX_FILES
        self.text_bytes = MAX_BYTES


async def _field(part: BodyPartReader, left: _Budget) -> str | Upload:
    if part.filename is not None:
        left.files -= 1
        if left.files < 0:
            raise BadInput("The form has too many files.")
        data = await _bytes(part, left.file_bytes, "The file is too large.")
        return Upload(data, part.filename)
    data = await _bytes(part, left.text_bytes, "The request is too large.")
    left.text_bytes -= len(data)
    return data.decode("utf-8", "replace")


async def _bytes(part: BodyPartReader, limit: int, refusal: str) -> bytes:
    data = bytearray()
    while True:
        async with asyncio.timeout(_CHUNK_SECONDS):
            chunk: Any = await part.read_chunk(_CHUNK)
        if not chunk:
            return bytes(data)
        data += chunk
        if len(data) > limit:
            raise TooLarge(refusal)


@asynccontextmanager
async def _deadline(seconds: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise TooSlow("The request took too long to arrive.") from error
