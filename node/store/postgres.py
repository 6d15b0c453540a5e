"""PostgreSQL, and what speaks its protocol: a pool of threads, one connection each.

A unit of work runs again as a whole when the server says that it could not be serialized, which is why units touch
the database and nothing else.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any, TypeVar

import peewee
import psycopg
from psycopg.pq import TransactionStatus

from node.errors import Unavailable
from node.store.transaction import Callback, run_callbacks, unit

T = TypeVar("T")

_THREADS = 12
_TRIES = 5
# The manual's appendix A. Class 40, "Transaction Rollback": serialization_failure, deadlock_detected.
_AGAIN = {"40001", "40P01"}
# lock_not_available, disk_full.
_PASSING = {"55P03", "53100"}
# Units hold locks for milliseconds, so somebody else does, whom each thread in turn would wait for.
_LOCK_SECONDS = 10.0
_AWAY = "The database does not answer just now. Please try again in a moment."
_FULL = "Nothing can be saved just now: the database is busy or its disk is full. Please try again in a moment."


class _Adapter(peewee.Psycopg3Adapter):
    """What peewee would know of its driver if it had loaded it itself (node/__init__.py)."""

    txn_idle = TransactionStatus.IDLE
    txn_inerror = TransactionStatus.INERROR
    txn_unknown = TransactionStatus.UNKNOWN

    def check_driver(self) -> None:
        """It is there: this module imports it."""

    def get_binary_type(self) -> type[psycopg.Binary]:
        return psycopg.Binary

    def connect(self, db: peewee.Database, **params: Any) -> psycopg.Connection[Any]:
        return psycopg.connect(db.database, **params)


class Database(peewee.PostgresqlDatabase):
    """Always psycopg 3, whatever else is installed."""

    psycopg2_adapter = psycopg3_adapter = _Adapter


class PostgresEngine:
    """See the module."""

    def __init__(self, url: str) -> None:
        self.db = Database(url, connect_timeout=5)
        self._pool = ThreadPoolExecutor(_THREADS, "postgres")
        self._connections: list[Any] = []  # one of each thread, which cannot close it once the thread is gone

    async def read(self, query: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, copy_context().run, self._read, query)

    point = read

    async def write(self, work: Callable[[], T]) -> T:
        call = asyncio.get_running_loop().run_in_executor(self._pool, copy_context().run, self._write, work)
        result, callbacks = await asyncio.shield(call)
        run_callbacks(callbacks)
        return result

    @contextmanager
    def begin(self) -> Iterator[None]:
        with self.refusing(), self.db.atomic():
            yield

    @contextmanager
    def refusing(self) -> Iterator[None]:
        try:
            yield
        except (peewee.OperationalError, peewee.InterfaceError) as error:
            self._refuse_if_it_passes(error)
            raise

    def forget_statistics(self) -> None:
        """Here they are gathered all the time, and without them nothing is planned well."""

    def close(self) -> None:
        self._pool.shutdown()
        for connection in self._connections:
            connection.close()
        self.db.close()

    # ── in a thread of the pool ──

    def _read(self, query: Callable[[], T]) -> T:
        self._ensure_connection()
        try:
            return query()
        except (peewee.OperationalError, peewee.InterfaceError) as error:
            self._refuse_if_it_passes(error)
            raise

    def _write(self, work: Callable[[], T]) -> tuple[T, list[Callback]]:
        self._ensure_connection()
        for attempt in range(_TRIES):
            with unit() as callbacks:
                try:
                    with self.db.atomic():
                        return work(), callbacks
                except (peewee.OperationalError, peewee.InterfaceError) as error:
                    self._refuse_if_it_passes(error)
                    if _sqlstate(error) not in _AGAIN or attempt == _TRIES - 1:
                        raise
            time.sleep(random.uniform(0, 0.01) * 2**attempt)
        raise AssertionError("unreachable")

    def _ensure_connection(self) -> None:
        try:
            if self.db.is_closed() or self.db.connection().broken:
                self.db.close()
                self.db.connect()
                self.db.execute_sql(f"SET lock_timeout = {round(_LOCK_SECONDS * 1000)}")
                self._connections = [c for c in self._connections if not c.closed] + [self.db.connection()]
        except (peewee.OperationalError, peewee.InterfaceError) as error:
            raise Unavailable(_AWAY) from error

    def _refuse_if_it_passes(self, error: peewee.PeeweeException) -> None:
        """`Unavailable` if the connection broke, so that this thread opens another, or the server cannot just now."""
        if self.db.is_closed() or self.db.connection().broken:
            raise Unavailable(_AWAY) from error
        if _sqlstate(error) in _PASSING:
            raise Unavailable(_FULL) from error


def _sqlstate(error: BaseException) -> str | None:
    original = error.__cause__ or error.__context__
    return getattr(original, "sqlstate", None)
