"""Each process of a node holds a slot: a small number that no other process has while it lives.

It keeps ids apart and owns leases. Because the operating system (or PostgreSQL) lets go of it when the process dies,
whoever gets the slot next may take back what its predecessor had leased.
"""

import fcntl
from typing import Any, Protocol

from node.config import Config
from node.errors import NodeError
from node.ids import SLOTS

_SPACE = 0x6C6E74  # advisory locks of slots, apart from those of migrations


class _Held(Protocol):
    def close(self) -> Any: ...


_held: list[_Held] = []


def acquire(config: Config) -> int:
    """The lowest free slot; held until the process ends or `release()`."""
    slot = _acquire_file(config) if config.is_sqlite else _acquire_advisory(config)
    if slot is None:
        raise NodeError(f"{SLOTS} processes of this node are running already, which is as many as there can be.")
    return slot


def release() -> None:
    while _held:
        _held.pop().close()


def _acquire_file(config: Config) -> int | None:
    folder = config.data_dir / "run"
    folder.mkdir(parents=True, exist_ok=True)
    for slot in range(SLOTS):
        file = (folder / f"{slot}.slot").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
        else:
            _held.append(file)
            return slot
    return None


def _acquire_advisory(config: Config) -> int | None:
    """A session-level advisory lock, in a connection of its own: processes may run on several hosts."""
    import psycopg  # costs memory that a node on SQLite does not pay

    connection = psycopg.connect(config.database_url, autocommit=True, connect_timeout=10)
    for slot in range(SLOTS):
        row = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (_SPACE, slot)).fetchone()
        if row is not None and row[0]:
            _held.append(connection)
            return slot
    connection.close()
    return None
