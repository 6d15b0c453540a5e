"""Clients that connect and then say nothing, or say it a byte at a time, are cut off.

aiohttp ends what is idle between two requests, and handlers limit how long a body may take (web/body.py). Between them
is the head of a connection's first request, which nobody waits for.
"""

import asyncio

import structlog
from aiohttp import web

log = structlog.get_logger()

HEAD_SECONDS = 20.0

_LOOK_EVERY_SECONDS = 5.0


async def watch(server: web.Server) -> None:
    """As long as the server runs; `server` is `runner.server`."""
    waiting_since: dict[web.RequestHandler, float] = {}
    while True:
        await asyncio.sleep(_LOOK_EVERY_SECONDS)
        now = asyncio.get_running_loop().time()
        silent = [connection for connection in server.connections if _has_said_nothing(connection)]
        waiting_since = {connection: waiting_since.get(connection, now) for connection in silent}
        for connection, since in waiting_since.items():
            if now - since > HEAD_SECONDS and connection.transport is not None:
                connection.transport.abort()
                log.info("slow_client_cut_off")


def _has_said_nothing(connection: web.RequestHandler) -> bool:
    """No complete head of a request has come so far."""
    return connection._request_count == 0 and connection._current_request is None
