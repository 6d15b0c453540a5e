"""Time-ordered ids: `(unix_ms << 16) | slot (6 bits) | counter (10 bits)`.

They sort by time as numbers and as decimal strings of equal length, which client apps rely on. The slot keeps
processes apart that share a database; the counter keeps apart what one process makes in one millisecond.
"""

import itertools
import random
import threading
from collections.abc import Iterator

from node import clock

SLOTS = 64
_COUNTERS = 1 << 10

_lock = threading.Lock()
_slot = 0
_last_ms = 0
_counter = 0


def use_slot(slot: int) -> None:
    """Called once at the start of each process, with a number no other process of the node has."""
    global _slot
    _slot = slot % SLOTS


def new_id() -> int:
    """The next id; greater than every one before it in this process, even if the clock steps back."""
    global _last_ms, _counter
    with _lock:
        ms = clock.now_ms()
        if ms > _last_ms:
            _last_ms, _counter = ms, 0
        else:
            _counter += 1
            if _counter == _COUNTERS:
                _last_ms, _counter = _last_ms + 1, 0
        return (_last_ms << 16) | (_slot << 10) | _counter


def id_at(ms: int) -> int:
    """An id for something made elsewhere at `ms`: a remote status sorts by when it was written.

    The future is refused: such an id would stay on top of every timeline. Most servers tell whole seconds, so the
    rest is random: 65 million ids share a second. Where one is taken, `drawn_at` has another.
    """
    if ms >= clock.now_ms():
        return new_id()
    ms = max(ms, 0)
    if ms % 1000 == 0:
        ms += min(random.randrange(1000), clock.now_ms() - ms)
    return (ms << 16) | random.randrange(1 << 16)


def drawn_at(ms: int) -> Iterator[int]:
    """Such ids without end, each a millisecond later, so that nobody can fill the place where they are drawn."""
    return (id_at(ms + later) for later in itertools.count())


def first_id_at(ms: int) -> int:
    """The smallest id of that millisecond, for questions such as "since yesterday"."""
    return max(ms, 0) << 16


def time_of(an_id: int) -> int:
    """Unix milliseconds at which `an_id` was made."""
    return an_id >> 16
