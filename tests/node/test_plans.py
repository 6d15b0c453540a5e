"""On SQLite, hot queries walk along the index that is meant, and no figures that somebody had it gather change that."""

from collections.abc import Callable
from itertools import count
from typing import Any

import apsw
import pytest

from node import clock, store
from node.config import Config
from node.models import Status
from node.services.community import housekeeping
from node.store import Prepared, param
from tests.node import hot_queries
from tests.node.hot_queries import TABLES, asked_by, fill

_FEW, _MANY = (
    20,
    10_000,
)  # so few authors are those whom SQLite, when it has figures, reads before it reads their posts
_asked = count()
_BY_CONTENT = Prepared(lambda: Status.select(Status.id).where(Status.content == param("content")), int)


@pytest.fixture(autouse=True)
def of_sqlite(config: Config) -> None:
    if not config.is_sqlite:
        pytest.skip("PostgreSQL has its own: test_plans_of_postgres.py")


def _read_whole(work: Callable[[], object]) -> list[str]:
    """What of its plans reads a large table from end to end."""
    return [step for sql, params in asked_by(work) for step in _plan(sql, params) if _is_whole(step, sql)]


def _plan(sql: str, params: Any) -> list[str]:
    # A text of its own: the connection keeps statements, and one that only explains does not see that the schema changed.
    steps = store.database.obj.execute_sql(f"EXPLAIN QUERY PLAN {sql} /* {next(_asked)} */", params).fetchall()
    return [str(step[-1]).strip() for step in steps]


def _is_whole(step: str, sql: str) -> bool:
    if "BLOOM FILTER" in step or "AUTOMATIC" in step:
        return True
    first, _, rest = step.partition(" ")
    name = rest.split(" ")[0]
    plain = sql.replace('"', "")  # prepared ones have few quotation marks
    is_table = "VIRTUAL TABLE" not in rest and any(f"{table} AS {name}" in plain for table in TABLES)
    return first == "SCAN" and is_table


def test_hot_queries_read_no_table_as_a_whole(db: None) -> None:
    with store.transaction():
        alice = fill()
        hot = hot_queries.hot(alice)

        assert {name: found for name, work in hot.items() if (found := _read_whole(work))} == {}
        # The judge sees it, however a question is asked.
        assert _read_whole(lambda: list(Status.select(Status.id).where(Status.content == "x")))
        assert _read_whole(lambda: _BY_CONTENT.all(content="x"))


def test_statistics_that_somebody_had_sqlite_gather_are_forgotten_at_the_next_start(on_disk: Config) -> None:
    with store.transaction():
        alice = fill(authors=_FEW, posts=_MANY, readers=1)
    store.database.execute_sql("ANALYZE")
    before = _statistics()

    store.close()
    store.connect(on_disk)

    assert before > 0
    assert _statistics() == 0
    with store.transaction():
        assert {name: found for name, work in hot_queries.hot(alice).items() if (found := _read_whole(work))} == {}


async def test_statistics_that_somebody_had_sqlite_gather_beside_a_running_node_mislead_it_no_longer_than_minutes(
    on_disk: Config,
) -> None:
    with store.transaction():
        alice = fill(authors=_FEW, posts=_MANY, readers=1)
    hot = hot_queries.hot(alice)

    def read_whole() -> dict[str, list[str]]:
        return {name: found for name, work in hot.items() if (found := _read_whole(work))}

    before = await store.write(read_whole), await store.read(read_whole)
    beside = apsw.Connection(str(on_disk.sqlite_path))
    beside.execute("ANALYZE").fetchall()
    beside.close()
    misled = await store.write(read_whole), await store.read(read_whole)

    (task,) = (one for one in housekeeping.TASKS if one.work is store.forget_statistics)
    await store.write(task.work)

    assert before == ({}, {})
    assert all(misled)
    assert (await store.write(read_whole), await store.read(read_whole)) == ({}, {})
    assert _statistics() == 0
    assert task.every_ms <= 10 * clock.MINUTE


def _statistics() -> int:
    query = "SELECT COUNT(*) FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'"
    return int(store.database.obj.execute_sql(query).fetchone()[0])
