"""Waiting for what other processes do: a condition with a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(condition: Callable[[], T], *, seconds: float = 40, what: str | Callable[[], str] = "it is true") -> T:
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
