"""One process of a node: what it runs, from the first socket to the last delivery."""

import asyncio
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from aiohttp import web

from federation import work as federation_work
from federation.context import FEDERATION, Federation
from federation.deliver import Deliverer
from federation.http import Door
from node import ids, schedule, slots, streams
from node.cli import letters
from node.config import Config
from node.jobs import JobKind, Worker
from node.services import control, housekeeping
from web.app import build_app
from web.client_ip import client_ip

log = structlog.get_logger()

_DRAIN_SECONDS = 8.0
# Threads share the interpreter; the loop must get it back sooner than Python's default 5 ms (STACK: section 5).
_SWITCH_SECONDS = 0.0005


@dataclass(frozen=True, kw_only=True)
class Duties:
    """What this process is for: answering, working, or both."""

    listener: socket.socket | None = None
    worker: bool = True


def run(config: Config, duties: Duties, on_ready: Callable[[], object] = lambda: None) -> None:
    """Until SIGTERM or SIGINT; then finish what is under way and leave."""
    import uvloop

    sys.setswitchinterval(_SWITCH_SECONDS)
    uvloop.run(_run(config, duties, on_ready))


async def _run(config: Config, duties: Duties, on_ready: Callable[[], object]) -> None:
    slot = slots.acquire(config)
    ids.use_slot(slot)
    streams.start(config.data_dir / "run", slot)
    try:
        async with AsyncExitStack() as stack, Door(config) as door:
            fed = Federation(config=config, door=door, client_ip=client_ip)
            _background(stack, control.listen())
            if duties.worker:
                _start_work(stack, fed, slot)
            if duties.listener is not None:
                await _start_web(stack, config, fed, duties.listener)
            stop = _stop_signal()
            on_ready()
            log.info("ready", slot=slot, web=duties.listener is not None, worker=duties.worker)
            await stop.wait()
            log.info("stopping", slot=slot)
    finally:
        streams.stop()
        slots.release()


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return stop


def _background(stack: AsyncExitStack, work: Coroutine[Any, Any, None]) -> None:
    """Runs until the stack unwinds, then is cut off: it holds nothing that could be lost."""
    task = asyncio.create_task(work)

    async def end() -> None:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    stack.push_async_callback(end)


def _start_work(stack: AsyncExitStack, fed: Federation, slot: int) -> None:
    """Jobs, deliveries and periodic work; when the stack unwinds, what runs may end in time."""
    handlers = {**federation_work.handlers(fed), JobKind.SEND_MAIL: partial(letters.send, fed.config)}
    worker = Worker(handlers, slot=slot)
    deliverer = Deliverer(fed.door, slot=slot)
    _background(stack, schedule.run(housekeeping.TASKS))
    for part in (worker, deliverer):
        task = asyncio.create_task(part.run())
        stack.push_async_callback(_drain, part.stop, task)


async def _drain(stop: Callable[[], None], task: Awaitable[None]) -> None:
    stop()
    with suppress(TimeoutError):
        await asyncio.wait_for(asyncio.ensure_future(task), _DRAIN_SECONDS)


async def _start_web(stack: AsyncExitStack, config: Config, fed: Federation, listener: socket.socket) -> None:
    app = build_app(config)
    app[FEDERATION] = fed
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_DRAIN_SECONDS, keepalive_timeout=75)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, listener, backlog=1024).start()
