"""A peer on loopback whose answers a test decides, and the door that may reach it."""

import asyncio
import ipaddress
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from federation.http.door import Door
from node.config import Config

LOOPBACK = ipaddress.ip_network("127.0.0.0/8")
_TURNS = 5  # of the loop, until who has just connected has been let in

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Peer:
    """Serves what `on` was told, and keeps every request in `received`."""

    __test__ = False

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.received: list[web.Request] = []
        self.bodies: list[bytes] = []
        self._handlers: dict[str, Handler] = {}
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._answer)
        self._host = host
        self._server = TestServer(application, host=host)

    async def __aenter__(self) -> "Peer":
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        # Who gives up the moment it connects leaves a connection behind. If the server closes between taking it and letting
        # it in, asyncio forgets it unclosed (python/cpython#109564, mended in later versions), and a later test is blamed.
        for _turn in range(_TURNS):
            await asyncio.sleep(0)
        await self._server.close()

    @property
    def port(self) -> int:
        assert self._server.port is not None
        return self._server.port

    @property
    def authority(self) -> str:
        return f"{self._host}:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.authority}{path}"

    def on(self, path: str, handler: Handler | None = None, **answer: Any) -> None:
        """Answer `path` by `handler`, or with a `web.Response(**answer)`."""

        async def fixed(request: web.Request) -> web.Response:
            return web.Response(**answer)

        self._handlers[path] = handler or fixed

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.received.append(request)
        self.bodies.append(await request.read())
        handler = self._handlers.get(request.path)
        return await handler(request) if handler else web.Response(status=404)


class Names(AbstractResolver):
    """A resolver that answers as the test says, one list of addresses after the other."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        self.asked.append(host)
        addresses = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=10 if ":" in address else 2,
                proto=0,
                flags=0,
            )
            for address in addresses
        ]

    async def close(self) -> None:
        pass


def local_config(**values: Any) -> Config:
    return Config.for_tests(**{"plain_http": True, "outgoing_allow": (LOOPBACK,)} | values)


@asynccontextmanager
async def door_and_peer(**values: Any) -> AsyncIterator[tuple[Door, Peer]]:
    async with Peer() as peer, Door(local_config(**values)) as door:
        yield door, peer
