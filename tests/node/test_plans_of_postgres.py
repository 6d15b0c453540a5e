"""On PostgreSQL, a hot query reads few rows, however many there are, and before it knows of them none again and again.

It is what a plan really read that counts: small tables may be read as a whole.
"""

import re
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import psycopg
import pytest

from node import store
from node.config import Config
from node.models import Account, Status
from tests.node import hot_queries
from tests.node.hot_queries import TABLES, asked_by, fill

_POSTS = 10_000
_FEW = 3_000  # what a feed of 800 posts leads to, and all accounts, some times over
_names = count()


@pytest.fixture
def alice(db: None, config: Config) -> Iterator[Account]:
    """Nothing is known of the tables yet, as after a copy was put back."""
    if config.is_sqlite:
        pytest.skip("SQLite has its own: test_plans.py")
    with store.transaction():
        for table in set(TABLES) - {"status_search"}:
            store.database.execute_sql(f"TRUNCATE {table} CASCADE")
            store.database.execute_sql("DELETE FROM pg_statistic WHERE starelid = %s::regclass", (table,))
        yield fill(posts=_POSTS)


def _rows_read(work: Callable[[], object], mode: str) -> int:
    """Of large tables, by all its queries."""
    return sum(_of_plan(_plan(sql, params, mode)) for sql, params in asked_by(work))


def _plan(sql: str, params: Any, mode: str) -> Any:
    """`force_generic_plan`: the one for any values, which PostgreSQL makes of what it has seen some times."""
    store.database.execute_sql(f"SET LOCAL plan_cache_mode = {mode}")
    connection, name, number = store.database.obj.connection(), f"asked_{next(_names)}", count(1)
    connection.execute(f"PREPARE {name} AS " + re.sub("%s", lambda _: f"${next(number)}", sql))
    values = f"({', '.join(['%s'] * len(params))})" if params else ""
    cursor = psycopg.ClientCursor(connection)
    cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) EXECUTE {name}{values}", params or None)
    (plans,) = cursor.fetchone() or ()
    return plans[0]["Plan"]


def _of_plan(step: Any) -> int:
    read = step["Actual Rows"] + step.get("Rows Removed by Filter", 0) + step.get("Rows Removed by Index Recheck", 0)
    own = read * step["Actual Loops"] if step.get("Relation Name") in TABLES else 0
    return round(own) + sum(_of_plan(below) for below in step.get("Plans", []))


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
def test_a_page_costs_few_rows_however_many_there_are(alice: Account, mode: str) -> None:
    store.database.execute_sql("ANALYZE")

    read = {name: _rows_read(work, mode) for name, work in hot_queries.hot(alice).items()}

    assert {name: rows for name, rows in read.items() if rows > _FEW} == {}
    assert min(read.values()) > 0
    everything = _rows_read(lambda: list(Status.select(Status.id).where(Status.content == "x")), mode)
    assert everything == _POSTS  # the judge sees it


@pytest.mark.parametrize("mode", ["force_custom_plan", "force_generic_plan"])
def test_before_anything_is_known_of_the_rows_none_is_read_again_and_again(alice: Account, mode: str) -> None:
    read = {name: _rows_read(work, mode) for name, work in hot_queries.hot(alice).items()}

    assert {name: rows for name, rows in read.items() if rows > 2 * _POSTS} == {}
