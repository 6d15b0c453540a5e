"""Delivers what is queued: leases due hosts, signs and posts, settles each host in one write.

A slow or dead host holds one task of its own and nobody else's; its back-off is a column of its own row
(node/services/outbox.py).
"""

import asyncio
import contextlib
from functools import lru_cache
from typing import Any

import structlog

from federation import uris
from federation.errors import BadStatus, FetchError, Refused
from federation.http import Door
from federation.signatures import Signer
from node import clock, store, streams
from node.errors import Unavailable
from node.services import outbox
from node.services.outbox import Lease, Outcome, Pending

log = structlog.get_logger()

_HOSTS_AT_ONCE = 256
_BATCH = 20  # deliveries to one host for each lease
_IN_FLIGHT_PER_HOST = 4
_DEADLINE_SECONDS = 15.0
_TRIES_WHEN_UNAUTHORIZED = 3
_LONGEST_SLEEP_SECONDS = 5.0


class Deliverer:
    """Runs until `stop()`, then lets what is on its way arrive."""

    def __init__(self, door: Door, *, slot: int) -> None:
        self._door = door
        self._slot = slot
        self._running: set[asyncio.Task[None]] = set()
        self._stopping = asyncio.Event()
        self._served = asyncio.Event()  # a host was served, and may have more waiting

    async def run(self) -> None:
        await store.write(outbox.take_back, self._slot)
        with streams.subscribe((outbox.TOPIC,)) as wake:
            while not self._stopping.is_set():
                free = _HOSTS_AT_ONCE - len(self._running)
                leases = await self._lease(free) if free else []
                for lease in leases:
                    task = asyncio.create_task(self._serve(lease))
                    self._running.add(task)
                    task.add_done_callback(self._running.discard)
                if not leases:
                    await self._wait(wake)
        if self._running:
            await asyncio.wait(self._running)

    def stop(self) -> None:
        self._stopping.set()

    async def _lease(self, limit: int) -> list[Lease]:
        # Looking costs less than a write, and most of the time nothing is due.
        due_at = await store.point(outbox.next_due_at)
        if due_at is None or due_at > clock.now_ms():
            return []
        return await store.write(outbox.lease, self._slot, limit)

    async def _wait(self, wake: streams.Subscription) -> None:
        due_at = await store.point(outbox.next_due_at)
        seconds = _LONGEST_SLEEP_SECONDS
        if due_at is not None:
            seconds = min(max((due_at - clock.now_ms()) / 1000, 0.01), seconds)
        waits: set[asyncio.Future[Any]] = {
            asyncio.ensure_future(wake.wait()),
            asyncio.ensure_future(self._served.wait()),
            asyncio.ensure_future(self._stopping.wait()),
        }
        _, pending = await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        wake.drain()
        self._served.clear()

    async def _serve(self, lease: Lease) -> None:
        """One batch of one host. If anything here goes wrong, the lease runs out and the host is due again."""
        try:
            batch = await store.read(outbox.pending, lease.destination_id, _BATCH)
            # A host that failed is asked once before everything is poured on it.
            outcome = await self._send(lease, batch[:1] if lease.failures else batch)
            with contextlib.suppress(Unavailable):
                await store.write(outbox.settle, lease, self._slot, outcome)
        except Exception:  # a bug must not end the loop
            log.exception("delivering failed", host=lease.host)
        finally:
            self._served.set()

    async def _send(self, lease: Lease, batch: list[Pending]) -> Outcome:
        """Up to four at once, in order; the first sign that the host is down ends the batch."""
        done: list[Pending] = []
        tried: list[Pending] = []
        failure, retry_after = "", 0
        for start in range(0, len(batch), _IN_FLIGHT_PER_HOST):
            part = batch[start : start + _IN_FLIGHT_PER_HOST]
            results = await asyncio.gather(*(self._post(one) for one in part))
            for one, error in zip(part, results, strict=True):
                if error is None or not _is_worth_repeating(one, error):
                    done.append(one)
                    continue
                tried.append(one)
                failure = str(error)
                if isinstance(error, BadStatus):
                    retry_after = max(retry_after, (error.retry_after or 0) * clock.SECOND)
            if failure:
                break
        if failure:
            log.info("a host does not take deliveries", host=lease.host, failures=lease.failures + 1, error=failure)
        return Outcome(done=tuple(done), tried=tuple(tried), failure=failure, retry_after_ms=retry_after)

    async def _post(self, one: Pending) -> FetchError | None:
        """None when it arrived; else why not. A refusal that will not change is logged and not repeated."""
        if one.private_pem is None:
            return Refused("The account is gone, and its key with it.")
        signer = _signer(one.actor_uri, one.private_pem)
        try:
            await self._door.post(one.inbox, one.body, signer=signer, deadline_seconds=_DEADLINE_SECONDS)
        except FetchError as error:
            if not error.temporary:
                log.info("a delivery was refused", inbox=one.inbox, error=str(error))
            return error
        return None


@lru_cache(maxsize=1024)
def _signer(actor_uri: str, private_pem: str) -> Signer:
    return Signer(uris.key_id(actor_uri), private_pem)


def _is_worth_repeating(one: Pending, error: FetchError) -> bool:
    """401 may be a key that the peer could not fetch just then, or a refusal for good: a few tries tell (1.14)."""
    if isinstance(error, BadStatus) and error.status == 401 and one.attempts >= _TRIES_WHEN_UNAUTHORIZED:
        return False
    return error.temporary
