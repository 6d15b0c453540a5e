"""Token buckets: so much at once, so much a second, for each of many names in bounded memory."""

import time
from collections import OrderedDict
from collections.abc import Hashable


class Buckets:
    """`take` costs the same however many names there are; the least recently seen are forgotten first."""

    def __init__(self, *, burst: float, per_second: float, names: int = 20_000) -> None:
        self._burst = burst
        self._per_second = per_second
        self._names = names
        self._levels: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def take(self, name: Hashable) -> bool:
        """Whether one more is allowed now; if so, it is counted."""
        now = time.monotonic()
        level = self._level(name, now)
        if level < 1:
            return False
        self._levels[name] = (level - 1, now)
        self._levels.move_to_end(name)
        if len(self._levels) > self._names:
            self._levels.popitem(last=False)
        return True

    def give_back(self, name: Hashable) -> None:
        """What was taken turned out to be harmless."""
        now = time.monotonic()
        if name in self._levels:
            self._levels[name] = (min(self._level(name, now) + 1, self._burst), now)

    def _level(self, name: Hashable, now: float) -> float:
        level, at = self._levels.get(name, (self._burst, now))
        return min(level + (now - at) * self._per_second, self._burst)
