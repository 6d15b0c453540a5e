"""Reads the body of an answer up to a limit that holds after decompression."""

import zlib

import aiohttp

from federation.errors import BadDocument, NetworkFailure, TooLarge

# Enough of an unwanted body to keep the connection for the next request; longer ones close it.
_DRAINED_BYTES = 64 * 1024

_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32


async def read_body(answer: aiohttp.ClientResponse, max_bytes: int, *, is_cut: bool = False) -> bytes:
    """The whole body; TooLarge beyond `max_bytes`, before or after decompression, whichever comes first.

    With `is_cut` the beginning is enough, and what is beyond is not read.
    """
    if is_cut:
        return await _read_beginning(answer, max_bytes)
    if (answer.content_length or 0) > max_bytes:
        raise TooLarge("The answer is too large.")
    encoding = answer.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding in ("identity", ""):
        return await _read_plain(answer, max_bytes)
    if encoding in ("gzip", "x-gzip", "deflate"):
        return await _read_compressed(answer, max_bytes)
    raise BadDocument("The answer is encoded in a way that was not asked for.")


async def _read_beginning(answer: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    encoding = answer.headers.get("Content-Encoding", "identity").strip().lower()
    decoder = None if encoding in ("identity", "") else zlib.decompressobj(_GZIP_OR_ZLIB)
    body = bytearray()
    received = 0
    try:
        async for chunk in answer.content.iter_any():
            received += len(chunk)
            body += chunk if decoder is None else decoder.decompress(chunk, max_bytes - len(body))
            if len(body) >= max_bytes or received >= max_bytes:
                answer.close()  # whatever else it has to say
                break
    except zlib.error as error:
        raise BadDocument("The answer's compression is broken.") from error
    return bytes(body[:max_bytes])


async def drain(answer: aiohttp.ClientResponse) -> None:
    """Read on to the end if it is near."""
    left = _DRAINED_BYTES
    async for chunk in answer.content.iter_any():
        left -= len(chunk)
        if left < 0:
            return


async def _read_plain(answer: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > max_bytes:
            raise TooLarge("The answer is too large.")
    return bytes(body)


async def _read_compressed(answer: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    decoder = zlib.decompressobj(_GZIP_OR_ZLIB)
    body = bytearray()
    received = 0
    try:
        async for chunk in answer.content.iter_any():
            received += len(chunk)
            # One byte beyond the limit is asked for, so that reaching it can be told from passing it.
            body += decoder.decompress(chunk, max_bytes + 1 - len(body))
            if len(body) > max_bytes or received > max_bytes:
                raise TooLarge("The answer is too large.")
        body += decoder.flush()
    except zlib.error as error:
        raise BadDocument("The answer's compression is broken.") from error
    if not decoder.eof:
        raise NetworkFailure("The answer ended too early.")
    return bytes(body)
