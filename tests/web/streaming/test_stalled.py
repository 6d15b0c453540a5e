"""A client that takes nothing: what waits for it is bounded, and soon it is gone."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from node import store, streams
from node.config import Config
from node.services.community import settings
from tests.factories import Person
from tests.factories_posts import make_status
from tests.web.conftest import complete_app
from tests.web.streaming.listening import SECONDS
from web.streaming import sse, websocket
from web.streaming.listener import LISTENERS

# Of the kernel, at each end: so that few posts fill them.
_KERNEL_BYTES = 4_096
_POST_CHARACTERS, _POSTS = 9_000, 30
_KIB = 1_024
_REQUESTS = {
    "sse": "GET /api/v1/streaming/public/local HTTP/1.1\r\nHost: a.test\r\n\r\n",
    "websocket": "GET /api/v1/streaming?stream=public:local HTTP/1.1\r\nHost: a.test\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: bGlubmV0cyBhcmUgYmlyZA==\r\n\r\n",
}


def _listening(*_: object) -> socket.socket:
    server = socket.create_server(("127.0.0.1", 0))
    server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _KERNEL_BYTES)
    return server


@pytest.fixture
async def server(db: None, config: Config) -> AsyncIterator[TestServer]:
    async with complete_app(config) as app, TestServer(app, socket_factory=_listening) as server:
        yield server


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(SECONDS):
        while not condition():
            await asyncio.sleep(0)


async def opened(server: TestServer, request: str) -> socket.socket:
    """Listens, and reads none of what it is told."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _KERNEL_BYTES)
    client.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(client, (server.host, server.port))
    await loop.sock_sendall(client, request.encode())
    await until(lambda: app_of(server)[LISTENERS])
    await asyncio.wait_for(loop.sock_recv(client, 12), SECONDS)  # the head of the answer: it listens by now
    return client


def app_of(server: TestServer) -> web.Application:
    assert isinstance(server.runner, web.AppRunner)
    return server.runner.app


def connection(server: TestServer) -> asyncio.Transport | None:
    """Of the one client that there is, as the server has it."""
    assert server.runner is not None
    assert server.runner.server is not None
    (one,) = server.runner.server.connections or [None]
    return None if one is None else one.transport


def say_much(author: Person) -> None:
    with store.transaction():
        settings.change({"max_characters": _POST_CHARACTERS}, None)
        for number in range(_POSTS):
            make_status(author, f"{number} " + "x" * (_POST_CHARACTERS - 10))


@pytest.mark.parametrize("kind", _REQUESTS)
async def test_a_client_that_takes_nothing_is_cut_off(
    server: TestServer, alice: Person, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    for module in (sse, websocket):
        monkeypatch.setattr(module, "STALLED_SECONDS", 0.1)
    with await opened(server, _REQUESTS[kind]):
        say_much(alice)

        await until(lambda: not app_of(server)[LISTENERS])
        await until(lambda: connection(server) is None)


@pytest.mark.parametrize("kind", _REQUESTS)
async def test_little_waits_for_a_client_that_takes_nothing(server: TestServer, alice: Person, kind: str) -> None:
    with await opened(server, _REQUESTS[kind]):
        say_much(alice)
        (listener,) = app_of(server)[LISTENERS]
        transport = connection(server)
        assert transport is not None
        await until(lambda: transport.get_write_buffer_size() > 64 * _KIB)

        with store.transaction():
            for number in range(1_000):
                streams.publish(("public:local",), "delete", number)

        assert transport.get_write_buffer_size() < 128 * _KIB
        assert len(listener.events) == 200
