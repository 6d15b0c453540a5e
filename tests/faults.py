"""A database that refuses for a while what it is told: its own errors, not ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from node import store
from tests.factories import in_unit

_AS_MANY_PAGES_AS_YOU_LIKE = 0xFFFFFFFE


@contextmanager
def refuses(change: str, table: str) -> Iterator[None]:
    """`refuses("DELETE", "job")`: whatever asks for that in the block fails, and its transaction with it."""
    if not store.is_sqlite():
        with _raises(change, table, "raise_exception"):
            yield
        return
    with in_unit():
        refusal = "SELECT RAISE(ABORT, 'refused by a test')"
        store.database.execute_sql(f"CREATE TRIGGER refuses BEFORE {change} ON {table} BEGIN {refusal}; END")
    try:
        yield
    finally:
        with in_unit():
            store.database.execute_sql("DROP TRIGGER refuses")


@contextmanager
def no_room_for(table: str) -> Iterator[None]:
    """The disk is full: large rows find no room on SQLite, and on PostgreSQL none in this table."""
    if not store.is_sqlite():
        with _raises("INSERT", table, "disk_full"):
            yield
        return
    store.database.execute_sql("PRAGMA max_page_count = 1")  # it keeps the pages that there are
    try:
        yield
    finally:
        store.database.execute_sql(f"PRAGMA max_page_count = {_AS_MANY_PAGES_AS_YOU_LIKE}")


@contextmanager
def _raises(change: str, table: str, error: str) -> Iterator[None]:
    with in_unit():
        body = f"BEGIN RAISE {error}; END"
        store.database.execute_sql(f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
        trigger = f"CREATE TRIGGER refuses BEFORE {change} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()"
        store.database.execute_sql(trigger)
    try:
        yield
    finally:
        with in_unit():
            store.database.execute_sql("DROP FUNCTION refuse() CASCADE")
