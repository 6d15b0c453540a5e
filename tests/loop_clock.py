"""The clock of the event loop, which a test moves: a deadline passes once something has happened, not after a while."""

import asyncio
import threading
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

_TURNS = 5  # until whoever slept has run, and what that began


def forward(seconds: float) -> None:
    """From now on it is so much later for all that waits in this loop. It ends with the test."""
    loop = asyncio.get_running_loop()
    before = loop.time
    loop.time = lambda: before() + seconds  # type: ignore[method-assign]


async def forward_by_steps(seconds: float, step: float) -> None:
    """The same, and whoever looks around now and then has done so on the way."""
    passed = 0.0
    while passed < seconds:
        forward(step)
        passed += step
        for _ in range(_TURNS):
            await asyncio.sleep(0)


async def outlasting(waiting: Awaitable[T], begun: asyncio.Event, seconds: float) -> T:
    """What comes of `waiting` if so much time passes once it has begun."""
    task = asyncio.ensure_future(waiting)
    async with asyncio.timeout(60):
        await begun.wait()
    forward(seconds)
    return await task


@contextmanager
def standing() -> Iterator[None]:
    """Inside, no deadline of this loop passes: whatever happens did not wait for one. After a minute, the test fails."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    before, now = loop.time, loop.time()
    alarm = threading.Timer(60, loop.call_soon_threadsafe, (task.cancel, "nothing happened for a minute"))
    alarm.daemon = True
    alarm.start()
    loop.time = lambda: now  # type: ignore[method-assign]
    try:
        yield
    finally:
        loop.time = before  # type: ignore[method-assign]
        alarm.cancel()
