"""Whom the node itself follows for the lists of people here."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENT = """
    CREATE TABLE silent_follow (
        id BIGINT PRIMARY KEY,
        target_id BIGINT NOT NULL UNIQUE REFERENCES account ON DELETE CASCADE,
        asked_at BIGINT NOT NULL
    )
    """


def up(migrator: Any, db: Any) -> None:
    db.execute_sql(_STATEMENT.replace("BIGINT", "INTEGER") if isinstance(db, SqliteDatabase) else _STATEMENT)


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("DROP TABLE silent_follow")
