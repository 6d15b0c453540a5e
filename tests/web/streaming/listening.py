"""Clients of streams for tests: they wait for what comes, with a deadline."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientResponse, ClientWebSocketResponse, WSMsgType

from tests.web.conftest import Client, Headers

SECONDS = 60.0


class Events:
    """Reads one stream of server-sent events."""

    def __init__(self, response: ClientResponse) -> None:
        self.response = response

    async def next(self) -> tuple[str, str]:
        """The next event and its data; ("", "") at the end of the stream."""
        kind = data = ""
        async with asyncio.timeout(SECONDS):
            while line := (await self.response.content.readline()).decode():
                name, _, value = line.rstrip("\n").partition(": ")
                if name == "event":
                    kind = value
                elif name == "data":
                    data = value
                elif not line.strip() and kind:
                    return kind, data
        return "", ""


@asynccontextmanager
async def events(client: Client, path: str, headers: Headers | None = None) -> AsyncIterator[Events]:
    """Open, and certain to hear whatever is published from now on."""
    async with client.get(path, headers=headers) as response:
        assert response.status == 200, await response.text()
        assert response.content_type == "text/event-stream"
        async with asyncio.timeout(SECONDS):
            assert await response.content.readline() == b":)\n"
        yield Events(response)


async def message(socket: ClientWebSocketResponse) -> Any:
    """The next message of a WebSocket as JSON; None when it is closed."""
    received = await socket.receive(timeout=SECONDS)
    return received.json() if received.type is WSMsgType.TEXT else None
