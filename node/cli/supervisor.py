"""Keeps the processes of a node alive, and replaces them all without refusing a connection (docs/adr/0013).

The sockets belong to the supervisor and are inherited, so a connection waits in them while processes come and go.
SIGHUP starts a new generation from whatever code is installed now; once all of it is ready the old one drains. A new
generation that does not get ready is given up, and the old one goes on.
"""

import asyncio
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog

from node.cli import systemd
from node.cli.spawning import PREPARE, WEB, WORKER, Spawned, spawn
from node.errors import NodeError

log = structlog.get_logger()

_LONGEST_BACK_OFF_SECONDS = 30.0
# Whoever lived so long did not die of how it was started.
_STEADY_AFTER_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How many processes of each role there are."""

    web: int
    workers: int

    def places(self) -> list[tuple[str, int]]:
        return [(WEB, n) for n in range(self.web)] + [(WORKER, n) for n in range(self.workers)]


def run(listeners: tuple[socket.socket, ...], plan: Plan, *, on_ready: Callable[[], object]) -> None:
    """Until SIGTERM or SIGINT. NodeError when the first generation does not get ready."""
    asyncio.run(_Supervisor(listeners, plan).run(on_ready))


class _Supervisor:
    def __init__(self, listeners: tuple[socket.socket, ...], plan: Plan) -> None:
        self._listeners = listeners
        self._plan = plan
        self._stop = asyncio.Event()
        self._renew = asyncio.Event()

    async def run(self, on_ready: Callable[[], object]) -> None:
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self._stop.set)
        loop.add_signal_handler(signal.SIGHUP, self._renew.set)
        current = _Generation(self._listeners, self._plan)
        try:
            if not await self._start(current):
                if not self._stop.is_set():
                    raise NodeError("The node's processes did not get ready; the log above says why.")
                return
            # It opens the database, which must not happen on a running loop's thread.
            await asyncio.to_thread(on_ready)
            while not await self._stopped_before_renewal():
                current = await self._replace(current)
        finally:
            systemd.stopping()
            await current.stop()

    async def _stopped_before_renewal(self) -> bool:
        waits = [asyncio.ensure_future(event.wait()) for event in (self._stop, self._renew)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        return self._stop.is_set()

    async def _start(self, generation: "_Generation") -> bool:
        """Whether all of it is ready; being asked to stop ends the waiting."""
        started = asyncio.ensure_future(generation.start())
        stopped = asyncio.ensure_future(self._stop.wait())
        await asyncio.wait([started, stopped], return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not started.done():
            started.cancel()
            return False
        return started.result()

    async def _replace(self, old: "_Generation") -> "_Generation":
        self._renew.clear()
        log.info("a new generation starts")
        systemd.reloading()
        new = _Generation(self._listeners, self._plan)
        if await _prepared() and await self._start(new):
            systemd.ready()
            log.info("the old generation drains")
            await old.stop()
            return new
        await new.stop()
        systemd.ready()
        if not self._stop.is_set():
            log.error("the new generation did not get ready; the old one goes on")
        return old


class _Generation:
    """Processes that were started together, from one version of the code."""

    def __init__(self, listeners: tuple[socket.socket, ...], plan: Plan) -> None:
        self._places = [_Place(role, number, listeners if role == WEB else ()) for role, number in plan.places()]

    async def start(self) -> bool:
        return all(await asyncio.gather(*(place.start() for place in self._places)))

    async def stop(self) -> None:
        await asyncio.gather(*(place.stop() for place in self._places))


class _Place:
    """Where one process lives: once it has been ready, a dead one is followed by another, each time a little later."""

    def __init__(self, role: str, number: int, listeners: tuple[socket.socket, ...]) -> None:
        self._role = role
        self._number = number
        self._listeners = listeners
        self._spawned: Spawned | None = None
        self._keeper: asyncio.Task[None] | None = None

    async def start(self) -> bool:
        """Whether it got ready."""
        spawned = await self._spawn()
        if not await spawned.is_ready():
            return False
        self._keeper = asyncio.create_task(self._keep(spawned))
        return True

    async def stop(self) -> None:
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
        if self._spawned is not None:
            await self._spawned.stop()

    async def _keep(self, spawned: Spawned) -> None:
        loop = asyncio.get_running_loop()
        back_off = 0.0
        while True:
            started = loop.time()
            code = await spawned.ended()
            lived = loop.time() - started
            back_off = (
                0.0 if lived > _STEADY_AFTER_SECONDS else min(max(1.0, back_off * 2), _LONGEST_BACK_OFF_SECONDS)
            )
            log.error(
                "a process died", role=self._role, exit_status=code, lived_seconds=round(lived), again_in=back_off
            )
            await asyncio.sleep(back_off)
            spawned = await self._spawn()

    async def _spawn(self) -> Spawned:
        self._spawned = await spawn(self._role, place=self._number, listeners=self._listeners)
        return self._spawned


async def _prepared() -> bool:
    """Migrations of a version that was installed meanwhile run before its processes start."""
    return await (await spawn(PREPARE)).ended() == 0
