"""How deliveries fared, by hour."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENT = """
    CREATE TABLE delivery_count (
        id BIGINT PRIMARY KEY,
        delivered INTEGER NOT NULL,
        retried INTEGER NOT NULL,
        given_up INTEGER NOT NULL
    )
    """


def up(migrator: Any, db: Any) -> None:
    db.execute_sql(_STATEMENT.replace("BIGINT", "INTEGER") if isinstance(db, SqliteDatabase) else _STATEMENT)


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("DROP TABLE delivery_count")
