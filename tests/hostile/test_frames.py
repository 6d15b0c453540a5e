"""WebSocket frames as no library sends them: the connection ends or goes on, and everybody else's is not touched."""

import asyncio
import base64
import os
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from tests.factories import Person
from tests.factories_posts import make_status
from tests.web.conftest import Client
from tests.web.streaming.listening import message
from web.streaming.listener import LISTENERS

TEXT, BINARY, CLOSE, PING, PONG, CONTINUATION = 1, 2, 8, 9, 10, 0


def frame(
    opcode: int, data: bytes = b"", *, final: bool = True, masked: bool = True, length: int | None = None
) -> bytes:
    """RFC 6455, section 5.2; `length` may lie."""
    size = len(data) if length is None else length
    mark = 0x80 if masked else 0
    head = bytes([(0x80 if final else 0) | opcode])
    if size < 126:
        head += bytes([mark | size])
    elif size < 1 << 16:
        head += bytes([mark | 126]) + struct.pack(">H", size)
    else:
        head += bytes([mark | 127]) + struct.pack(">Q", size)
    if not masked:
        return head + data
    mask = os.urandom(4)
    return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))


@asynccontextmanager
async def connected(client: Client, token: str) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port)
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        f"GET /api/v1/streaming?access_token={token} HTTP/1.1\r\nHost: a.test\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101"), head
    try:
        yield reader, writer
    finally:
        writer.close()


FRAMES = {
    "unmasked": frame(TEXT, b'{"type":"subscribe","stream":"user"}', masked=False),
    "binary": frame(BINARY, b"\x00\xff" * 50),
    "no UTF-8": frame(TEXT, b"\xff\xfe"),
    "half a pair": frame(TEXT, b'{"type":"subscribe","stream":"\\ud800"}'),
    "NUL": frame(TEXT, b'{"type":"subscribe","stream":"hashtag","tag":"\\u0000"}'),
    "deep": frame(TEXT, b"[" * 4000),
    "huge": frame(TEXT, b"x" * 70_000),
    "said to be huge": frame(TEXT, b"x", length=1 << 62),
    "reserved opcode": frame(3, b"x"),
    "reserved bits": bytes([0xF1]) + frame(TEXT, b"x")[1:],
    "long ping": frame(PING, b"x" * 126),
    "fragmented ping": frame(PING, b"x", final=False),
    "continuation of nothing": frame(CONTINUATION, b"x"),
    "close with nonsense": frame(CLOSE, b"\x00\x01\xff\xff"),
    "close with one byte": frame(CLOSE, b"x"),
    "a thousand fragments": frame(TEXT, b"x", final=False) + frame(CONTINUATION, b"x" * 10, final=False) * 1000,
    "pongs that nobody asked for": frame(PONG, b"x") * 200,
    "HTTP": b"GET / HTTP/1.1\r\n\r\n",
    "list": frame(TEXT, b'["subscribe","user"]'),
    "wrong types": frame(TEXT, b'{"type":{},"stream":[],"tag":1,"list":{}}'),
    "long list id": frame(TEXT, b'{"type":"subscribe","stream":"list","list":' + b"9" * 400 + b"}"),
    "twice": frame(TEXT, b'{"type":"subscribe","type":"x","stream":"user","stream":{}}'),
    "long tag": frame(TEXT, b'{"type":"subscribe","stream":"hashtag","tag":"' + b"x" * 3000 + b'"}'),
}


@pytest.mark.parametrize("kind", FRAMES)
async def test_a_broken_frame_hurts_nobody_else(
    client: Client, alice: Person, bob: Person, token: Callable[..., str], kind: str
) -> None:
    listeners = client.app[LISTENERS]
    async with client.ws_connect(f"/api/v1/streaming?stream=user&access_token={token(alice)}") as other:
        async with connected(client, token(bob)) as (reader, writer):
            writer.write(FRAMES[kind] + frame(TEXT, b"{}") + frame(CLOSE, struct.pack(">H", 1000)))
            # Whoever is cut off while they still send sees a reset.
            with suppress(ConnectionResetError):
                async with asyncio.timeout(60):
                    while kind != "said to be huge" and await reader.read(65_536):
                        pass
        async with asyncio.timeout(60):
            while len(listeners) > 1:
                await asyncio.sleep(0)

        status = make_status(alice, "Still here.")

        assert str(status.id) in (await message(other))["payload"]
    assert (await client.get("/health/live")).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-WebSocket-Version": "99"},
        {"Sec-WebSocket-Key": "nonsense"},
        {"Sec-WebSocket-Protocol": "x" * 5000},
        {"Sec-WebSocket-Protocol": ",,,"},
        {"Upgrade": "h2c"},
        {"Connection": "keep-alive"},
    ],
)
async def test_a_broken_handshake_is_refused(client: Client, alice: Person, headers: dict[str, str]) -> None:
    good = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": base64.b64encode(b"x" * 16).decode(),
    }
    async with client.get("/api/v1/streaming", headers=good | headers) as response:
        assert 400 <= response.status < 500
    async with client.get("/api/v1/streaming", headers=good) as response:
        assert response.status == 101
