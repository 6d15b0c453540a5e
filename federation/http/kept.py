"""Answers that stay true for a while, in bounded memory."""

import time
from collections import OrderedDict
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    def __init__(self, *, seconds: float, entries: int = 20_000) -> None:
        self._seconds = seconds
        self._entries = entries
        self._values: OrderedDict[str, tuple[float, T]] = OrderedDict()

    def get(self, name: str) -> T | None:
        found = self._values.get(name)
        return found[1] if found is not None and found[0] > time.monotonic() else None

    def put(self, name: str, value: T) -> None:
        self._values[name] = (time.monotonic() + self._seconds, value)
        self._values.move_to_end(name)
        if len(self._values) > self._entries:
            self._values.popitem(last=False)
