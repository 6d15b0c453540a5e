"""Who does not get to the point loses the connection; who does keeps it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web

from node.config import Config
from tests.loop_clock import forward_by_steps
from web import body, slow_clients
from web.app import build_app


class Place:
    """Where a server listens, and who is connected."""

    def __init__(self, runner: web.AppRunner) -> None:
        self.address: Any = runner.addresses[0]
        assert runner.server is not None
        self._server = runner.server

    async def open(self, said: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection on which so much was said, and heard."""
        before = len(self._server.connections)
        reader, writer = await asyncio.open_connection(*self.address)
        await until(lambda: len(self._server.connections) > before)
        writer.write(said)
        return reader, writer

    def is_asked(self) -> bool:
        return any(connection._current_request is not None for connection in self._server.connections)


@pytest.fixture
async def place(db: None, config: Config) -> AsyncIterator[Place]:
    runner = web.AppRunner(build_app(config), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    assert runner.server is not None
    watching = asyncio.create_task(slow_clients.watch(runner.server))
    yield Place(runner)
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching
    await runner.cleanup()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.005)


async def too_long() -> None:
    await forward_by_steps(slow_clients.HEAD_SECONDS + 15, step=6)


@pytest.mark.parametrize("said", [b"", b"GET / HT", b"GET /health HTTP/1.1\r\nHost: a.test\r\nX: "])
async def test_a_head_that_does_not_come_ends_the_connection(place: Place, said: bytes) -> None:
    reader, writer = await place.open(said)

    await too_long()

    with contextlib.suppress(ConnectionError):
        assert await asyncio.wait_for(reader.read(), 60) == b""
    writer.close()


async def test_who_has_asked_keeps_the_connection(place: Place) -> None:
    request = b"GET /health/live HTTP/1.1\r\nHost: a.test\r\n\r\n"
    reader, writer = await place.open(request)
    answers = [await asyncio.wait_for(reader.readuntil(b"\r\n\r\nOK"), 60)]

    await too_long()
    writer.write(request)
    answers.append(await asyncio.wait_for(reader.readuntil(b"\r\n\r\nOK"), 60))

    assert all(answer.startswith(b"HTTP/1.1 200") for answer in answers)
    writer.close()


async def test_a_body_that_does_not_come_is_given_up(place: Place) -> None:
    reader, writer = await place.open(
        b"POST /api/v1/apps HTTP/1.1\r\nHost: a.test\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
    )
    await until(place.is_asked)

    await forward_by_steps(body._BODY_SECONDS + 1, step=6)

    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
    assert b" 408 " in head.split(b"\r\n")[0]
    writer.close()
