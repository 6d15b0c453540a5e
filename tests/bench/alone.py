"""The web library without a node: what an answer costs on this machine before anything of ours is done.

Rows of reads are to be seen beside it; machines differ by a factor of two, and by as much with what runs next to them.
"""

import asyncio
import math
import subprocess
import sys
import time

import aiohttp
import uvloop
from aiohttp import web

from tests.live.node import free_port

_BYTES = 3_000  # about one status
_ROUNDS, _EACH = 10, 500


def cpu_seconds_of(pid: int) -> float:
    """User and system time of a process so far, to the nanosecond: the clock that Linux keeps of each process."""
    return time.clock_gettime((~pid << 3) | 2)


async def milliseconds() -> float:
    """CPU of one answer of three kilobytes, the least of some rounds."""
    port = free_port()
    server = subprocess.Popen([sys.executable, "-m", __name__, str(port)])
    try:
        connector = aiohttp.TCPConnector(limit=8)
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", connector=connector) as session:
            await _until_it_answers(session)
            least = math.inf
            for _ in range(_ROUNDS):
                before = cpu_seconds_of(server.pid)
                await asyncio.gather(*(_once(session) for _ in range(_EACH)))
                least = min(least, (cpu_seconds_of(server.pid) - before) * 1000 / _EACH)
            return least
    finally:
        server.terminate()
        await asyncio.to_thread(server.wait)


async def _until_it_answers(session: aiohttp.ClientSession) -> None:
    async with asyncio.timeout(60):
        while True:
            try:
                return await _once(session)
            except aiohttp.ClientConnectorError:
                await asyncio.sleep(0.05)


async def _once(session: aiohttp.ClientSession) -> None:
    async with session.get("/") as answer:
        await answer.read()


def _serve(port: int) -> None:
    body = b"x" * _BYTES

    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/json")

    app = web.Application()
    app.router.add_get("/", answer)
    loop = uvloop.new_event_loop()
    web.run_app(app, host="127.0.0.1", port=port, loop=loop, access_log=None, print=None)


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
