"""Things that are dear to load and cannot change under their key, such as one version of a status."""

import time
from collections.abc import Hashable
from typing import Generic, TypeVar

from node.store import database

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Keeps the `entries` most recent ones, at least, and none for longer than twice `seconds`.

    Two generations: what is used moves to the young one, and when that is full or old, the other is dropped. So
    using an entry costs no bookkeeping, and threads need no lock.
    """

    def __init__(self, *, entries: int, seconds: float) -> None:
        self._entries = entries
        self._seconds = seconds
        self._young: dict[K, V] = {}
        self._old: dict[K, V] = {}
        self._turn_at = 0.0
        self._database: object = None

    def get(self, key: K) -> V | None:
        value = self._young.get(key)
        if value is None:
            value = self._old.get(key)
            if value is not None:
                self._young[key] = value
        return value

    def put(self, key: K, value: V) -> None:
        self._young[key] = value

    def tidy(self) -> None:
        """Before a batch of questions: forget what is too much, too old, or of another database."""
        now = time.monotonic()
        if self._database is not database.obj:
            self._database = database.obj
            self._young, self._old = {}, {}
            self._turn_at = now + self._seconds
        elif len(self._young) >= self._entries or now >= self._turn_at:
            self._young, self._old = {}, self._young
            self._turn_at = now + self._seconds
