"""The web half of a process: the application on its sockets, and how it leaves without cutting anybody off."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from federation import counting
from federation.context import FEDERATION, Federation
from node.cli.listening import BACKLOG, split_address
from node.config import Config
from web import connections, health, slow_clients
from web.app import build_app

DRAIN_SECONDS = 8.0
# Connections that were accepted a moment ago may not have said yet what they want.
_GRACE_SECONDS = 1.0
_KEEPALIVE_SECONDS = 75
_SWITCHING_PROTOCOLS = 101


@asynccontextmanager
async def answering(
    config: Config, fed: Federation, listeners: tuple[socket.socket, ...], place: int, *, dev: bool = False
) -> AsyncIterator[None]:
    """Answer while the block runs. `place` counts the web processes of a node from 0."""
    draining = asyncio.Event()

    async def part_when_draining(_: web.Request, response: web.StreamResponse) -> None:
        # The client opens a new connection next time, and that is not for this process.
        if draining.is_set() and response.status != _SWITCHING_PROTOCOLS:
            response.force_close()
            response.headers["Connection"] = "close"  # aiohttp has chosen its own before it calls us

    app = build_app(config)
    app[FEDERATION] = fed
    if dev:
        from web import gallery  # a node that nobody changes pages with has nothing of it in memory

        app.add_routes(gallery.ROUTES)
    app.on_response_prepare.append(part_when_draining)
    runner = web.AppRunner(app, shutdown_timeout=DRAIN_SECONDS)
    await runner.setup()
    assert runner.server is not None  # noqa: S101 - it was set up above
    watching = asyncio.create_task(slow_clients.watch(runner.server))
    accept = connections.accepted_by(runner.server, access_log=None, keepalive_timeout=_KEEPALIVE_SECONDS)
    loop = asyncio.get_running_loop()
    doors: list[asyncio.Server] = []
    try:
        doors += [await loop.create_server(accept, sock=one, backlog=BACKLOG) for one in listeners]
        async with _figures(config, place):
            yield
    finally:
        draining.set()
        watching.cancel()
        for one in doors:
            one.close()
        await _wait_until_idle(runner)
        await runner.cleanup()
        await counting.keep()


async def _wait_until_idle(runner: web.AppRunner) -> None:
    assert runner.server is not None  # noqa: S101 - it was set up above
    deadline = asyncio.get_running_loop().time() + _GRACE_SECONDS
    # aiohttp tells nobody when a connection ends.
    while runner.server.connections and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.02)


@asynccontextmanager
async def _figures(config: Config, place: int) -> AsyncIterator[None]:
    """/metrics on its own address, if one is named; each further web process serves its own on the next port."""
    if not config.metrics_listen:
        yield
        return
    host, port = split_address(config.metrics_listen)
    runner = web.AppRunner(health.metrics_app(), access_log=None)
    await runner.setup()
    try:
        # While one generation of processes follows another, both are there.
        await web.TCPSite(runner, host, port + place, reuse_port=True).start()
        yield
    finally:
        await runner.cleanup()
