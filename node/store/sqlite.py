"""SQLite: one writer thread with group commit, reader threads beside it.

A durable commit costs an fsync whatever it holds, so up to 64 units of work share one, each in a savepoint of its
own if there are several: 20 000 durable inserts a second instead of 250. What one turn of the event loop asks for is
handed to the writer together, which halves the number of commits while much arrives. Between processes a lock file
decides whose turn it is, because SQLite's own waiting starves writers for a second and more.
"""

import asyncio
import fcntl
import os
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from contextvars import copy_context
from pathlib import Path
from typing import Any, TypeVar

import peewee
from playhouse.apsw_ext import APSWDatabase

from node.errors import Unavailable
from node.store.transaction import Callback, run_callbacks, unit

T = TypeVar("T")

_UNITS_PER_COMMIT = 64
_READERS = 2
# Pages of the file that each connection keeps in memory, the loop's and the writer's: with the readers' 40 MB at most.
_CACHE_KIB = 16_000
_READER_CACHE_KIB = 4_000
_PASSING = ("busy", "locked", "full", "disk i/o")
_as_peewee_errors = peewee.__exception_wrapper__  # type: ignore[attr-defined]
_FULL = "Nothing can be saved just now: the database is busy or its disk is full. Please try again in a moment."


class Database(APSWDatabase):
    """apsw with 64-bit integer keys that are the row's own key."""

    field_types = {**APSWDatabase.field_types, "BIGINT": "INTEGER"}

    def _connect(self) -> Any:
        connection = super()._connect()
        # Only playhouse.migrations, which notes when it ran, binds anything but numbers, text and bytes.
        connection.convert_binding = lambda cursor, number, value: value.isoformat(" ")
        return connection

    def execute_sql(self, sql: str, params: Any = None) -> Any:
        """Without the log and the hooks of peewee, which cost as much as a small query and which nobody reads."""
        if self._state.conn is None:
            self.connect()
        try:
            return self._state.conn.execute(sql, params or ())
        except Exception:
            with _as_peewee_errors:
                raise


class _Job:
    """One call of `write`, on its way through the writer thread."""

    __slots__ = ("callbacks", "context", "error", "future", "loop", "result", "work")

    def __init__(self, work: Callable[[], Any], loop: asyncio.AbstractEventLoop) -> None:
        self.work = work
        self.context = copy_context()  # whoever asks, in their language and under their request id
        self.loop = loop
        self.future: asyncio.Future[Any] = loop.create_future()
        self.callbacks: list[Callback] = []
        self.result: Any = None
        self.error: BaseException | None = None


class SqliteEngine:
    """See the module."""

    def __init__(self, path: Path) -> None:
        self.db = Database(
            str(path),
            pragmas={
                "journal_mode": "wal",
                "synchronous": "full",
                "foreign_keys": 1,
                "cache_size": -_CACHE_KIB,
                "temp_store": "memory",
                "journal_size_limit": 64 << 20,
            },
            timeout=5,
            statementcachesize=500,
        )
        in_memory = str(path) == ":memory:"
        # An in-memory database lives in one connection, so all its work happens in the caller's thread.
        self._inline = in_memory
        self._lock_file = None if in_memory else os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        self._turn = threading.Lock()
        self._asked: list[_Job] = []  # in this turn of the event loop
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._readers = ThreadPoolExecutor(_READERS, "sqlite-reader", initializer=self._begin_reading)
        self._writer = threading.Thread(target=self._write_forever, name="sqlite-writer", daemon=True)
        if not in_memory:
            if self._statistics():
                with self.begin():
                    self.forget_statistics()
            self.db.close()  # a process may be forked before its first query
            self._writer.start()

    def forget_statistics(self) -> None:
        """What ANALYZE, by somebody's hand, left behind: with it some pages read all accounts, to make a filter of them.

        Every query is written for the plan that it has without, and stays with it as the node grows. Other connections
        read the schema anew once it has changed; this one would keep what it has read of the figures.
        """
        names = self._statistics()
        for name in names:
            self.db.execute_sql(f"DROP TABLE IF EXISTS {name}")
        if names:
            self.db.execute_sql("PRAGMA writable_schema = RESET")

    def _statistics(self) -> list[str]:
        gathered = self.db.execute_sql("SELECT name FROM sqlite_schema WHERE name LIKE 'sqlite\\_stat_' ESCAPE '\\'")
        return [name for (name,) in gathered.fetchall()]

    async def read(self, query: Callable[[], T]) -> T:
        if self._inline:
            return query()
        return await asyncio.get_running_loop().run_in_executor(self._readers, copy_context().run, query)

    async def point(self, query: Callable[[], T]) -> T:
        return query()

    async def write(self, work: Callable[[], T]) -> T:
        loop = asyncio.get_running_loop()
        job = _Job(work, loop)
        if self._inline:
            self._commit([job])
            _answer([job])
        else:
            # What an earlier loop left behind, which ended before it handed it over, goes along.
            if not self._asked or self._asked[-1].loop is not loop:
                loop.call_soon(self._hand_over)
            self._asked.append(job)
        # Accepted work is finished even if its caller goes away; only the answer is dropped (`_answer`).
        return await job.future

    def _hand_over(self) -> None:
        asked, self._asked = self._asked, []
        for job in asked:
            self._queue.put(job)

    @contextmanager
    def begin(self) -> Iterator[None]:
        with self.refusing(), self._locked(), self.db.atomic("IMMEDIATE"):
            yield

    @contextmanager
    def refusing(self) -> Iterator[None]:
        try:
            yield
        except peewee.OperationalError as error:
            refusal = _as_refusal(error)
            if refusal is error:
                raise
            raise refusal from error

    def close(self) -> None:
        if self._writer.is_alive():
            self._hand_over()
            self._queue.put(None)
            self._writer.join()
        self._readers.shutdown()
        self.db.close()
        if self._lock_file is not None:
            os.close(self._lock_file)

    def _begin_reading(self) -> None:
        """In each thread of the readers: their questions are rare and long, and the system remembers the file as well."""
        self.db.execute_sql(f"PRAGMA cache_size = -{_READER_CACHE_KIB}")

    # ── the writer thread ──

    def _write_forever(self) -> None:
        while True:
            jobs, ending = self._next_group()
            if jobs:
                self._commit(jobs)
            for loop in {job.loop for job in jobs}:
                with suppress(RuntimeError):  # the loop ended before its answer came; the rows are on disk
                    loop.call_soon_threadsafe(_answer, [job for job in jobs if job.loop is loop])
            if ending:
                self.db.close()
                return

    def _next_group(self) -> tuple[list[_Job], bool]:
        """All that waits now, up to a limit, and whether the end was called."""
        first = self._queue.get()
        jobs: list[_Job] = []
        while first is not None:
            jobs.append(first)
            if len(jobs) == _UNITS_PER_COMMIT:
                return jobs, False
            try:
                first = self._queue.get_nowait()
            except queue.Empty:
                return jobs, False
        return jobs, True

    def _commit(self, jobs: list[_Job]) -> None:
        try:
            with self._locked(), self.db.atomic("IMMEDIATE"):
                # What undoes the group undoes who is alone in it.
                apart = self._apart if len(jobs) > 1 else nullcontext
                for job in jobs:
                    self._run(job, apart)
        except Exception as error:  # noqa: BLE001 - whatever kept the group from the disk is the answer of each
            refusal = _as_refusal(error)
            for job in jobs:
                job.error = job.error or refusal

    def _run(self, job: _Job, apart: Callable[[], AbstractContextManager[None]]) -> None:
        with unit() as callbacks:
            try:
                with apart():
                    job.result = job.context.run(job.work)
                job.callbacks = callbacks
            except Exception as error:
                # A unit that fails rolls back alone and tells its caller. But a full disk may have SQLite roll back the
                # whole group: then nothing of it is to be kept, and nothing more may be tried outside of a transaction.
                job.error = _as_refusal(error)
                if apart is nullcontext or not self.db.connection().in_transaction:
                    raise

    @contextmanager
    def _apart(self) -> Iterator[None]:
        """Undo what fails inside, and that alone. Always of one name, so that SQLite prepares these statements once."""
        self.db.execute_sql("SAVEPOINT unit")
        try:
            yield
            self.db.execute_sql("RELEASE unit")
        except BaseException:
            self.db.execute_sql("ROLLBACK TO unit")
            self.db.execute_sql("RELEASE unit")
            raise

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Our turn among the threads of this process, then among processes."""
        with self._turn:
            if self._lock_file is not None:
                fcntl.flock(self._lock_file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                if self._lock_file is not None:
                    fcntl.flock(self._lock_file, fcntl.LOCK_UN)


def _answer(jobs: list[_Job]) -> None:
    """On the event loop: callbacks first, so that whoever waits for the result finds them done."""
    for job in jobs:
        if job.error is None:
            run_callbacks(job.callbacks)
        with suppress(asyncio.InvalidStateError):
            if job.error is None:
                job.future.set_result(job.result)
            else:
                job.future.set_exception(job.error)


def _as_refusal(error: BaseException) -> BaseException:
    """A full disk or a locked file is nobody's mistake: 503, and the details in the chain."""
    cause: BaseException | None = error
    while cause is not None:  # rolling back may have failed in turn
        if isinstance(cause, peewee.OperationalError) and any(word in str(cause).lower() for word in _PASSING):
            refusal = Unavailable(_FULL)
            refusal.__cause__ = error
            return refusal
        cause = cause.__cause__ or cause.__context__
    return error
