"""Delivers what is queued: leases due hosts, has each of them served, settles each in one write.

A slow or dead host holds one task of its own and nobody else's; its back-off is a column of its own row
(node/services/outbox). Hosts that failed last time never have all the places.
"""

import asyncio
import contextlib
from typing import Any

import structlog

from federation import counting
from federation.delivery.batches import try_batch
from federation.http.door import Door
from node import clock, store, streams
from node.config import host_without_port
from node.errors import Unavailable
from node.services import outbox
from node.services.community import maintenance
from node.services.outbox import Lease
from node.services.servers import domains

log = structlog.get_logger()

_HOSTS_AT_ONCE = 256
_FAILING_AT_ONCE = 64
_LEASED_AT_ONCE = 32  # hosts: what one unit of work takes
_LONGEST_SLEEP_SECONDS = 5.0


class Deliverer:
    """Runs until `stop()`, then lets what is on its way arrive."""

    def __init__(self, door: Door, *, slot: int) -> None:
        self._door = door
        self._slot = slot
        self._running: set[asyncio.Task[None]] = set()
        self._failing = 0  # of those that run
        self._stopping = asyncio.Event()
        self._served = asyncio.Event()  # a host was served: it may have more waiting, and its place is free

    async def run(self) -> None:
        await store.write(outbox.take_back, self._slot)
        with streams.subscribe((outbox.TOPIC,)) as wake:
            while not self._stopping.is_set():
                await counting.keep_if_due()
                leases = await self._lease()
                for lease in leases:
                    self._start(lease)
                if not leases:
                    await self._wait(wake)
        if self._running:
            await asyncio.wait(self._running)
        await counting.keep()

    def stop(self) -> None:
        self._stopping.set()

    async def _lease(self) -> list[Lease]:
        self._served.clear()
        free = min(_HOSTS_AT_ONCE - len(self._running), _LEASED_AT_ONCE)
        if free <= 0:
            return []
        # Looking costs less than a write, and most of the time nothing is due.
        due_at = await store.point(outbox.next_due_at)
        if due_at is None or due_at > clock.now_ms() or await self._is_held():
            return []
        failing = min(_FAILING_AT_ONCE - self._failing, free // 2)
        return await store.write(outbox.lease, self._slot, hosts=free, failing=failing)

    async def _is_held(self) -> bool:
        """By planned maintenance. Then it is looked again every few seconds, which is soon enough."""
        return await store.point(maintenance.held_until) is not None

    def _start(self, lease: Lease) -> None:
        task = asyncio.create_task(self._serve(lease))
        self._running.add(task)
        self._failing += bool(lease.failures)

        def ended(task: asyncio.Task[None]) -> None:
            self._running.discard(task)
            self._failing -= bool(lease.failures)
            self._served.set()

        task.add_done_callback(ended)

    async def _serve(self, lease: Lease) -> None:
        """One batch of one host. If anything here goes wrong, the lease runs out and the host is due again."""
        try:
            with contextlib.suppress(Unavailable):
                if domains.is_suspended(host_without_port(lease.host)):  # since it was queued
                    await store.write(outbox.drop, lease.destination_id)
                    return
                outcome = await try_batch(self._door, lease, self._stopping)
                await store.write(outbox.settle, lease, self._slot, outcome)
        except Exception:  # a bug must not end the loop
            log.exception("delivering failed", host=lease.host)

    async def _wait(self, wake: streams.Subscription) -> None:
        """Until something is due for which there is a place."""
        waits: set[asyncio.Future[Any]] = {
            asyncio.ensure_future(self._served.wait()),
            asyncio.ensure_future(self._stopping.wait()),
        }
        seconds = _LONGEST_SLEEP_SECONDS
        if len(self._running) < _HOSTS_AT_ONCE:
            waits.add(asyncio.ensure_future(wake.wait()))
            due_at = await store.point(outbox.next_due_at)
            if due_at is not None and due_at > clock.now_ms():
                seconds = min(max((due_at - clock.now_ms()) / 1000, 0.01), seconds)
        _, pending = await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        wake.drain()
