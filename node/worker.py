"""Runs the jobs of the queue (node/jobs.py), several at once, until it is stopped."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

from node import clock, jobs, store, streams
from node.errors import NodeError, Unavailable
from node.jobs import LEASE_MS, JobKind, TakenJob

log = structlog.get_logger()

Handler = Callable[[TakenJob], Awaitable[object]]
# What becomes of what a job was about when it is given up, in the same unit of work. The job itself is kept.
Ending = Callable[[TakenJob], object]


# Of what is known to take long. It is due again when its process is gone, or starts anew under the same slot.
_LONG_LEASE_MS = {
    JobKind.MAKE_FILM: 16 * clock.MINUTE,
    JobKind.MAKE_STILLS: clock.HOUR,
    JobKind.MAKE_ARCHIVE: clock.HOUR,
    JobKind.RESTORE: clock.HOUR,
}
_BATCH = 32


class Worker:
    """Takes what is due and runs it; `stop()` lets what runs come to its end."""

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        *,
        slot: int,
        endings: Mapping[str, Ending] | None = None,
        concurrency: int = 16,
    ) -> None:
        self._handlers = handlers
        self._endings = endings or {}
        self._slot = slot
        self._running: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self._concurrency = concurrency

    async def run(self) -> None:
        """Until `stop()`."""
        await store.write(jobs.take_back, self._slot)
        with streams.subscribe((jobs.TOPIC,)) as wake:
            while not self._stopping.is_set():
                free = self._concurrency - len(self._running)
                taken = await store.write(jobs.take, self._slot, min(free, _BATCH)) if free > 0 else []
                for job in taken:
                    task = asyncio.create_task(self._run(job))
                    self._running.add(task)
                    task.add_done_callback(self._running.discard)
                if not taken:
                    await self._wait(wake)
        if self._running:
            await asyncio.wait(self._running)

    def stop(self) -> None:
        self._stopping.set()

    async def _wait(self, wake: streams.Subscription) -> None:
        """Until work is due or a place is free."""
        seconds = await store.point(jobs.seconds_to_next)
        waits: set[asyncio.Future[Any]] = {
            asyncio.ensure_future(wake.wait()),
            asyncio.ensure_future(self._stopping.wait()),
        }
        if len(self._running) >= self._concurrency:
            waits |= self._running
        _, pending = await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in pending - self._running:
            task.cancel()
        wake.drain()

    async def _run(self, job: TakenJob) -> None:
        lease_ms = _LONG_LEASE_MS.get(job.kind, LEASE_MS)  # type: ignore[call-overload]
        try:
            if lease_ms != LEASE_MS:
                await store.write(jobs.lease_longer, job.id, clock.now_ms() + lease_ms)
            async with asyncio.timeout(lease_ms / 1000 - 5):
                await self._handlers[job.kind](job)
        except Exception as error:  # noqa: BLE001 - whatever a handler does, the queue goes on
            await self._failed(job, error)
        else:
            if not jobs.was_settled(job):
                await self._save(lambda: jobs.delete(job))

    async def _failed(self, job: TakenJob, error: Exception) -> None:
        expected = isinstance(error, NodeError | TimeoutError | OSError)
        (log.info if expected else log.exception)("job failed", kind=job.kind, job=job.id, error=str(error))
        await self._save(lambda: self._postpone(job, error))

    def _postpone(self, job: TakenJob, error: Exception) -> None:
        if jobs.postpone(job, error) and job.kind in self._endings:
            self._endings[job.kind](job)

    async def _save(self, work: Callable[[], object]) -> None:
        # When even this cannot be saved, the lease runs out and the job is done once more.
        with contextlib.suppress(Unavailable):
            await store.write(work)
