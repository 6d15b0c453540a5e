"""Whose turn it is: what a host sends is due a moment after what it sent before (ADR 23)."""

from collections import OrderedDict

from node import clock
from node.jobs import MOST_EARLY_MS

# Who sends no more than so often never gives way to anybody.
_EACH_MS = 10
_HOSTS = 20_000


class Turns:
    """In memory, one for each process; who is not remembered is next."""

    def __init__(self) -> None:
        self._last: OrderedDict[str, int] = OrderedDict()

    def next(self, host: str) -> int:
        """When it is the turn of what `host` sent just now: `due_at` of an `early` job."""
        now = clock.now_ms()
        turn = min(max(self._last.get(host, 0) + _EACH_MS, now), now + MOST_EARLY_MS)
        self._last[host] = turn
        self._last.move_to_end(host)
        if len(self._last) > _HOSTS:
            self._last.popitem(last=False)
        return turn
