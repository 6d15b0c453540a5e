"""The schema's history: numbered files, each forward and back, applied by one process at a time.

A node refuses a database that a newer version has touched: going back is `linnet migrate --to`, done on purpose.
"""

import fcntl
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from playhouse.migrations import Runner

from node.config import Config
from node.errors import NodeError
from node.store import database, is_sqlite, refusing

_FOLDER = Path(__file__).parent
_logger = logging.getLogger("peewee.migrations")
_ADVISORY_LOCK = 0x6C696E6E6574  # "linnet"

# Shows somebody how far a walk through these steps has come.
Shown = Callable[[list[str]], AbstractContextManager[Iterable[str]]]


class SchemaError(NodeError):
    """The database's schema and this program do not go together."""


def pending() -> list[str]:
    """Names of the migrations that this database lacks, in order."""
    return [m.name for m in _runner().status() if m.applied is None]


def check() -> None:
    """Refuse a schema that is newer or older than this program's."""
    unknown = [m.name for m in _runner().status() if m.path is None]
    if unknown:
        raise SchemaError(
            f"The database was upgraded by a newer Linnet (it has {unknown[-1]}). Start that version, or use it to"
            " go back first: linnet migrate --to NAME."
        )
    if missing := pending():
        raise SchemaError(f"The database lacks {len(missing)} migration(s). Run: linnet migrate")


def upgrade(config: Config, shown: Shown = nullcontext) -> list[str]:
    """Apply what is pending; returns the names. Safe to call from several processes at once.

    Of a database that was there before, each step is logged. One that is made anew has no history that anybody would
    want to read: how far it is, is `shown` instead.
    """
    with _alone(config):
        runner = _runner()
        status = runner.status()
        if any(m.path is None for m in status):
            check()
        is_new = not any(m.applied for m in status)
        _logger.setLevel(logging.WARNING if is_new else logging.NOTSET)
        names = [m.name for m in status if m.applied is None]
        with shown(names) if is_new else nullcontext(names) as steps:
            for name in steps:
                with refusing():
                    runner.up(name)
        return names


def downgrade(config: Config, target: str) -> list[str]:
    """Revert every migration after `target`, newest first; returns the names."""
    with _alone(config):
        applied = [m.name for m in _runner().status() if m.applied]
        if target not in applied:
            raise SchemaError(f"{target} is not an applied migration. Applied are: {', '.join(applied)}.")
        later = applied[applied.index(target) + 1 :]
        return list(_runner().down(later[0])) if later else []


def _runner() -> Runner:
    return Runner(database.obj, str(_FOLDER))


@contextmanager
def _alone(config: Config) -> Iterator[None]:
    if not is_sqlite():
        database.execute_sql("SELECT pg_advisory_lock(%s)", (_ADVISORY_LOCK,))
        try:
            yield
        finally:
            database.execute_sql("SELECT pg_advisory_unlock(%s)", (_ADVISORY_LOCK,))
    elif str(config.sqlite_path) == ":memory:":
        yield
    else:
        with Path(f"{config.sqlite_path}.migrating").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
