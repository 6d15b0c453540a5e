"""What every request asks for, remembered for seconds.

An entry is forgotten by the service that changes it, in every process (node/services/caching/control.py); the time
limit is for events that were missed. Entries belong to the database that they were read from.
"""

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from node.store import after_commit, database

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_MARGIN_SECONDS = 5  # what is begun on the event loop ends before so long


class Cache(Generic[K, V]):
    def __init__(self, *, seconds: float = 30, entries: int = 10_000) -> None:
        self._seconds = seconds
        self._limit = entries
        self._entries: dict[K, tuple[float, V]] = {}
        self._database: object = None
        self._changes = 0

    def get(self, key: K, load: Callable[[K], V | None]) -> V | None:
        """What `load(key)` answers or has answered. None is not remembered."""
        entry = self._entries.get(key)
        if entry is not None and entry[0] > time.monotonic() and self._database is database.obj:
            return entry[1]
        if self._database is not database.obj:
            self.clear()
            self._database = database.obj
        changes = self._changes
        value = load(key)
        # What changed while it was read may have been read as it was before.
        if value is not None and changes == self._changes:
            if len(self._entries) >= self._limit:
                self._entries.clear()
            self._entries[key] = (time.monotonic() + self._seconds, value)
        return value

    def remembered(self, key: K) -> V | None:
        """What `get` would answer without loading; None also for what has to be loaded."""
        entry = self._entries.get(key)
        if entry is None or entry[0] <= time.monotonic() or self._database is not database.obj:
            return None
        return entry[1]

    def get_anew(self, key: K, load: Callable[[K], V | None]) -> V | None:
        """The same, without what is remembered."""
        self._entries.pop(key, None)
        return self.get(key, load)

    def clear(self) -> None:
        self._changes += 1
        self._entries.clear()

    def clear_with_unit(self) -> None:
        """For the unit of work that changes what is cached: its own later reads see it, and everybody's after it."""
        self.clear()
        after_commit(self.clear)

    def discard_where(self, matches: Callable[[V], bool]) -> None:
        """Forget the entries that match; for events so rare that looking at all of them costs nothing."""
        self._changes += 1
        for key in [key for key, (_, value) in list(self._entries.items()) if matches(value)]:
            self._entries.pop(key, None)


class Kept(Generic[V]):
    """One value that everything asks for, remembered in the same way. `load` must not answer None."""

    forgotten = 0  # how often any of them was: what is known of several holds as long as this is the same

    def __init__(self, load: Callable[[], V], *, seconds: float = 30) -> None:
        self._load = load
        self._seconds = seconds
        self._value: V | None = None
        self._until = 0.0
        self._database: object = None
        self._changes = 0

    def get(self) -> V:
        """From memory it takes less than a microsecond."""
        value = self._value
        if value is not None and self._until > time.monotonic() and self._database is database.obj:
            return value
        return self._load_anew()

    def at_hand_until(self) -> float:
        """Until when, by `time.monotonic`, whatever begins needs no database for `get`; else `renew`."""
        return self._until - _MARGIN_SECONDS if self._database is database.obj else 0.0

    def renew(self) -> None:
        """Read again what is about to be forgotten."""
        self._load_anew()

    def forget(self) -> None:
        """Another process changed it."""
        Kept.forgotten += 1
        self._changes += 1
        self._value, self._until = None, 0.0

    def forget_with_unit(self) -> None:
        """For the unit of work that changes it: its own later reads see the change, and everybody's after it."""
        self.forget()
        after_commit(self.forget)

    def _load_anew(self) -> V:
        changes = self._changes
        value = self._load()
        # What changed while it was read may have been read as it was before.
        if changes == self._changes:
            self._until = 0.0  # threads must not take the old value for the new time, or for that of another database
            self._value, self._database = value, database.obj
            self._until = time.monotonic() + self._seconds
        return value
