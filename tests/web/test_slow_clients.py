"""Who does not get to the point loses the connection; who does keeps it."""

import asyncio
import contextlib
from typing import Any

import pytest
from aiohttp import web

from node.config import Config
from web import body, slow_clients
from web.app import build_app


@pytest.fixture
async def address(db: None, config: Config) -> Any:
    runner = web.AppRunner(build_app(config), access_log=None)
    await runner.setup()
    place = web.TCPSite(runner, "127.0.0.1", 0)
    await place.start()
    assert runner.server is not None
    watching = asyncio.create_task(slow_clients.watch(runner.server, head_seconds=0.3))
    yield runner.addresses[0]
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching
    await runner.cleanup()


@pytest.mark.parametrize("said", [b"", b"GET / HT", b"GET /health HTTP/1.1\r\nHost: a.test\r\nX: "])
async def test_a_head_that_does_not_come_ends_the_connection(address: Any, said: bytes) -> None:
    reader, writer = await asyncio.open_connection(*address)
    writer.write(said)

    with contextlib.suppress(ConnectionError):
        await asyncio.wait_for(reader.read(), 30)

    writer.close()


async def test_who_has_asked_keeps_the_connection(address: Any) -> None:
    reader, writer = await asyncio.open_connection(*address)
    request = b"GET /health/live HTTP/1.1\r\nHost: a.test\r\n\r\n"

    answers = []
    for _ in range(2):
        writer.write(request)
        answers.append(await asyncio.wait_for(reader.readuntil(b"\r\n\r\nOK"), 30))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.8)  # longer than a silent client is given

    assert all(answer.startswith(b"HTTP/1.1 200") for answer in answers)
    writer.close()


async def test_a_body_that_does_not_come_is_given_up(address: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "_BODY_SECONDS", 0.2)
    reader, writer = await asyncio.open_connection(*address)
    writer.write(
        b"POST /api/v1/apps HTTP/1.1\r\nHost: a.test\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    )

    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)

    assert b" 408 " in head.split(b"\r\n")[0]
    writer.close()
