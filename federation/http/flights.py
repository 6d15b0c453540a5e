"""Asking once for what many want at the same time, and not again for a while after it failed."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from federation.errors import FetchError
from federation.http.budget import OverBudget
from node.errors import NodeError, Unavailable

T = TypeVar("T")

# A refusal for good is believed for longer than a failure that may pass.
REFUSED_SECONDS = 300.0
FAILED_SECONDS = 30.0
_MOST_FAILURES = 20_000


class Flights(Generic[T]):
    """One running task for each key; whoever comes later waits for the same answer.

    A failure is remembered and answered again for as long as it is likely to stay, so that a flood of requests about
    something that cannot be had costs its host a bounded number of fetches (docs/threat-model.md).
    """

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[T]] = {}
        self._failures: OrderedDict[str, tuple[float, NodeError]] = OrderedDict()

    async def run(self, key: str, fetch: Callable[[], Awaitable[T]]) -> T:
        """What `fetch()` answers or raises, or has raised a short while ago."""
        task = self._running.get(key)
        if task is None:
            self.raise_failure(key)
            task = asyncio.create_task(self._fly(key, fetch))
            # Somebody may wait for it no longer; then nobody else hears of its failure.
            task.add_done_callback(_seen)
            self._running[key] = task
        return await asyncio.shield(task)

    def raise_failure(self, key: str) -> None:
        """Raise what went wrong a short while ago, if something did."""
        failure = self._failures.get(key)
        if failure is None:
            return
        until, error = failure
        if until > time.monotonic():
            raise error.with_traceback(None)
        del self._failures[key]

    def remember(self, key: str, error: NodeError) -> None:
        """Answer `key` with `error` for a while, if it says anything about what was asked for."""
        if isinstance(error, OverBudget) or (isinstance(error, Unavailable) and not isinstance(error, FetchError)):
            return
        temporary = isinstance(error, FetchError) and error.temporary
        self._failures[key] = (time.monotonic() + (FAILED_SECONDS if temporary else REFUSED_SECONDS), error)
        self._failures.move_to_end(key)
        if len(self._failures) > _MOST_FAILURES:
            self._failures.popitem(last=False)

    def forget(self, key: str) -> None:
        """Whatever went wrong before, ask again."""
        self._failures.pop(key, None)

    async def _fly(self, key: str, fetch: Callable[[], Awaitable[T]]) -> T:
        try:
            answer = await fetch()
        except NodeError as error:
            self.remember(key, error)
            raise
        else:
            self._failures.pop(key, None)
            return answer
        finally:
            del self._running[key]


def _seen(task: "asyncio.Task[T]") -> None:
    if not task.cancelled():
        task.exception()
