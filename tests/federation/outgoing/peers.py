"""Other servers on loopback that take deliveries, refuse them, or never answer."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from federation.delivery.deliver import Deliverer
from federation.http.door import Door

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

ALIVE = "127.0.0.1"
REFUSES = "127.0.0.250"  # nobody listens there


class Inboxes:
    """All of 127.0.0.0/8 is one machine: `url("127.0.0.7", "/inbox")` is a host of its own."""

    def __init__(self) -> None:
        self.requests: list[web.Request] = []
        self.bodies: defaultdict[str, list[Any]] = defaultdict(list)  # by host, as they came
        self.answers: dict[str, Answer] = {}  # by host, or by host and path
        self.open = 0
        self.most_open: defaultdict[str, int] = defaultdict(int)
        self._open: defaultdict[str, int] = defaultdict(int)
        app = web.Application()
        app.router.add_post("/{path:.*}", self._take)
        self._server = TestServer(app, host="0.0.0.0")

    async def __aenter__(self) -> "Inboxes":
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()

    def host(self, address: str = ALIVE) -> str:
        return f"{address}:{self._server.port}"

    def url(self, address: str = ALIVE, path: str = "/inbox") -> str:
        return f"http://{self.host(address)}{path}"

    def on(self, address: str, answer: Answer | int, path: str = "", **headers: str) -> None:
        """Answer whatever comes to `address` (and `path`) so."""

        async def fixed(request: web.Request) -> web.Response:
            assert isinstance(answer, int)
            return web.Response(status=answer, headers=headers)

        self.answers[self.host(address) + path] = fixed if isinstance(answer, int) else answer

    def clear(self, address: str, path: str = "") -> None:
        del self.answers[self.host(address) + path]

    def ids(self, address: str = ALIVE) -> list[str]:
        """The ids of the activities that came to a host, in order."""
        return [body["id"] for body in self.bodies[self.host(address)]]

    async def _take(self, request: web.Request) -> web.StreamResponse:
        host = request.host
        self._open[host] += 1
        self.most_open[host] = max(self.most_open[host], self._open[host])
        try:
            body = await request.read()
            self.requests.append(request)
            self.bodies[host].append(json.loads(body))
            answer = self.answers.get(host + request.path) or self.answers.get(host)
            return await answer(request) if answer else web.Response(status=202)
        finally:
            self._open[host] -= 1


@asynccontextmanager
async def delivering(door: Door) -> AsyncIterator[Deliverer]:
    deliverer = Deliverer(door, slot=1)
    task = asyncio.create_task(deliverer.run())
    try:
        yield deliverer
    finally:
        deliverer.stop()
        for running in deliverer._running:
            running.cancel()
        await asyncio.wait_for(task, 60)


async def until(condition: Callable[[], object], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)
