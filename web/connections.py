"""Connections of clients: aiohttp's own, but for what they say where no request could be read."""

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import web

from node.version import NAME


class _Connection(web.RequestHandler):
    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """No handler and no middleware was asked, so that nobody took aiohttp's and Python's versions out (headers.py)."""
        said = message and "This request cannot be read.\n"
        answer = super().handle_error(request, status, exc, said)
        answer.headers["Server"] = NAME
        return answer


def accepted_by(server: web.Server, **options: Any) -> Callable[[], web.RequestHandler]:
    """What an event loop makes of each client that comes; the options are those of aiohttp's connections."""
    loop = asyncio.get_running_loop()
    return lambda: _Connection(server, loop=loop, **options)
