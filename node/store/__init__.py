"""The database: `read`, `write`, `after_commit`, and prepared queries. Nothing above knows which engine runs.

    rows = await store.read(query, *args)     a plain function, off the event loop
    row = await store.point(query, *args)     the same for reads of a few rows: on SQLite they run at once
    made = await store.write(work, *args)     a plain function in one transaction; returns once it is durable
    after_commit(callback)                    inside `work`: run after the durable commit, once

`work` may run again after a serialization failure, so it touches the database and nothing else. Code without an
event loop (the command line, tests) uses `with store.transaction():`.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

import peewee

from node.config import Config
from node.store.base import BaseModel, database, in_ids
from node.store.prepared import Prepared, param
from node.store.transaction import after_commit, run_callbacks, unit

__all__ = [
    "BaseModel",
    "Prepared",
    "after_commit",
    "close",
    "connect",
    "database",
    "forget_statistics",
    "in_ids",
    "is_sqlite",
    "param",
    "point",
    "read",
    "refusing",
    "transaction",
    "write",
]

P = ParamSpec("P")
T = TypeVar("T")


class Engine(Protocol):
    """What SQLite and PostgreSQL each do in their own way."""

    @property
    def db(self) -> peewee.Database: ...

    async def read(self, query: Callable[[], T], /) -> T: ...
    async def point(self, query: Callable[[], T], /) -> T: ...
    async def write(self, work: Callable[[], T], /) -> T: ...
    def begin(self) -> AbstractContextManager[None]: ...
    def refusing(self) -> AbstractContextManager[None]: ...
    def forget_statistics(self) -> None: ...
    def close(self) -> None: ...


_engine: Engine | None = None


def connect(config: Config) -> None:
    """Open the database that `config` names; creates the SQLite file, not the schema."""
    global _engine
    if _engine is not None:
        raise RuntimeError("The database is already open.")
    if config.is_sqlite:
        from node.store.sqlite import SqliteEngine

        if str(config.sqlite_path) != ":memory:":
            # What is in it is for no other user of the machine.
            Path(config.sqlite_path).parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        _engine = SqliteEngine(config.sqlite_path)
    else:
        # psycopg costs memory that a node on SQLite does not pay.
        from node.store.postgres import PostgresEngine

        _engine = PostgresEngine(config.database_url)
    database.initialize(_engine.db)


def close() -> None:
    """Finish what was accepted, then let go of every connection."""
    global _engine
    if _engine is not None:
        _engine.close()
        _engine = None


def _open() -> Engine:
    if _engine is None:
        raise RuntimeError("The database is not open: call store.connect(config) first.")
    return _engine


def is_sqlite() -> bool:
    return isinstance(database.obj, peewee.SqliteDatabase)


async def read(query: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `query(*args)` off the event loop."""
    return await _open().read(lambda: query(*args, **kwargs))


async def point(query: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a read that takes under 100 µs on SQLite: there it is cheaper than the hop to a thread."""
    return await _open().point(lambda: query(*args, **kwargs))


async def write(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run `work(*args)` in a transaction of its own and return its result once that is on disk."""
    return await _open().write(lambda: work(*args, **kwargs))


@contextmanager
def transaction() -> Iterator[None]:
    """For code without an event loop: one transaction in this thread; `after_commit` callbacks run at its end."""
    with unit() as callbacks, _open().begin():
        yield
    run_callbacks(callbacks)


def refusing() -> AbstractContextManager[None]:
    """For what has transactions of its own: `Unavailable` where the disk is full or somebody else locks."""
    return _open().refusing()


def forget_statistics() -> None:
    """In a unit of work: figures that somebody had the database gather, where they mislead it."""
    _open().forget_statistics()
