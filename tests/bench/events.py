"""How soon a post is heard at a socket of another process: a node with two web processes, and sockets at both."""

import asyncio
import statistics
import time
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp

from tests.bench.node import Node
from tests.live.node import free_port
from tests.soak.stage import prepare

_SOCKETS = 8  # the kernel spreads them over the processes
_WARM_UP = 5


async def across_processes(folder: Path, posts: int) -> dict[str, float]:
    """From sending a post until the last of several sockets has heard of it: the median, in milliseconds."""
    node = Node(folder / "two", free_port(), arguments=("--web", "2", "--workers", "1"))
    _, token = prepare(node, lambda alice: None)
    headers = {"Authorization": f"Bearer {token}"}
    # Each post takes a connection of its own, for the last one would lead to the same process again.
    connector = aiohttp.TCPConnector(force_close=True)
    async with (
        node,
        aiohttp.ClientSession(headers=headers, connector=connector) as session,
        AsyncExitStack() as stack,
    ):
        address = f"{node.base}/api/v1/streaming?stream=user"
        sockets = [await stack.enter_async_context(session.ws_connect(address)) for _ in range(_SOCKETS)]
        took = []
        for number in range(_WARM_UP + posts):
            began = time.monotonic()
            async with session.post(f"{node.base}/api/v1/statuses", json={"status": f"Heard? {number}"}) as answer:
                answer.raise_for_status()
            async with asyncio.timeout(30):
                await asyncio.gather(*(socket.receive() for socket in sockets))
            took.append((time.monotonic() - began) * 1000)
    return {"event_across_processes_median_ms": round(statistics.median(took[_WARM_UP:]), 1)}
