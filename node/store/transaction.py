"""Units of work and what is to follow them."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

log = structlog.get_logger()

Callback = Callable[[], object]

_local = threading.local()


def after_commit(callback: Callback) -> None:
    """Run `callback` once the current unit of work is durable; never, if it is rolled back.

    It runs on the event loop (or in the thread of `store.transaction()`), so it must be quick.
    """
    _local.callbacks.append(callback)


@contextmanager
def unit() -> Iterator[list[Callback]]:
    """Collects the callbacks of one unit of work in this thread."""
    outer = getattr(_local, "callbacks", None)
    _local.callbacks = []
    try:
        yield _local.callbacks
    finally:
        _local.callbacks = outer


def run_callbacks(callbacks: list[Callback]) -> None:
    for callback in callbacks:
        try:
            callback()
        except Exception:  # what follows a commit cannot undo it, nor keep its neighbours from running
            log.exception("after_commit failed")
