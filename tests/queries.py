"""Counting queries: a page costs a fixed number of them, however long it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from node import store


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """The SQL of each statement that runs inside the block, but for what PostgreSQL is told once in a new connection.

    There is a connection for each thread, and which request is the first of its thread is chance.
    """
    statements: list[str] = []
    real = store.database.obj.execute_sql

    def execute(sql: str, *args: Any, **kwargs: Any) -> Any:
        if not sql.startswith("SET "):
            statements.append(sql)
        return real(sql, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store.database.obj, "execute_sql", execute)
        yield statements


@contextmanager
def assert_query_count(expected: int) -> Iterator[None]:
    with counted_queries() as statements:
        yield
    assert len(statements) == expected, "\n".join(statements)
