"""Waiting for what other processes do: a condition with a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# Far more than anything takes on a machine that does much else: what happens is judged, and only what fails waits so long.
PATIENCE_SECONDS = 120


def until(
    condition: Callable[[], T], *, seconds: float = PATIENCE_SECONDS, what: str | Callable[[], str] = "it is true"
) -> T:
    """The first truthy answer of `condition`; AssertionError when none comes in time."""
    deadline = time.monotonic() + seconds
    pause = 0.02
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"Not within {seconds} s: {what() if callable(what) else what}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.25)
