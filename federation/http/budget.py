"""How much one thing that arrived may have us ask of other servers, and how many such things wait at once."""

from collections import Counter

from federation.errors import FetchError
from node.errors import Unavailable

# Whoever answers slowly holds up so much work that came from its host, and none of anybody else's.
MOST_WAITING_PER_HOST = 6
# Of the places that a worker has (node/cli/process.py), some are always for what needs no network.
MOST_WAITING = 48


class OverBudget(FetchError):
    """Says nothing about what was asked for, only about who asked."""


class LaneFull(Unavailable):
    """Says nothing about the work: it is done a little later."""


class Lanes:
    """How many activities of each host are waiting for networks just now."""

    def __init__(self, *, most_per_host: int = MOST_WAITING_PER_HOST, most: int = MOST_WAITING) -> None:
        self._most_per_host, self._most = most_per_host, most
        self._waiting: Counter[str] = Counter()
        self._all = 0

    def enter(self, host: str) -> None:
        """Raises LaneFull, so that the work is put off."""
        if self._waiting[host] >= self._most_per_host or self._all >= self._most:
            raise LaneFull("Much of what this server sent is waiting for other servers already.")
        self._waiting[host] += 1
        self._all += 1

    @property
    def waiting(self) -> int:
        """How many there are of all hosts."""
        return self._all

    def leave(self, host: str) -> None:
        self._waiting[host] -= 1
        self._all -= 1
        if self._waiting[host] <= 0:
            del self._waiting[host]


class Budget:
    """The documents that one piece of work may still ask for. As a context manager it leaves its lane at the end."""

    def __init__(self, fetches: int, lanes: Lanes | None = None, host: str = "") -> None:
        """With `lanes`, the first request enters the lane of `host`, which is whose doing it is."""
        self._left = fetches
        self.overdrawn = False  # more would have been asked for
        self._lanes = lanes
        self._host = host
        self._entered = False

    def spend(self) -> None:
        """Before each request. Raises OverBudget when nothing is left."""
        if self._left <= 0:
            self.overdrawn = True
            raise OverBudget("This would take too many requests to other servers.")
        if self._lanes is not None and not self._entered:
            self._lanes.enter(self._host)
            self._entered = True
        self._left -= 1

    def __enter__(self) -> "Budget":
        return self

    def __exit__(self, *_: object) -> None:
        if self._lanes is not None and self._entered:
            self._lanes.leave(self._host)
        # A fetch that others wait for too may outlive the work that began it; it is in nobody's lane then.
        self._lanes = None
