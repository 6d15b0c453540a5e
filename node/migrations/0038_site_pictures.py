"""Pictures of the node itself: its icon and its banner."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENT = """
    CREATE TABLE site_picture (
        id BIGINT PRIMARY KEY,
        kind TEXT NOT NULL UNIQUE,
        file_key TEXT NOT NULL,
        small_key TEXT NOT NULL
    )
    """


def up(migrator: Any, db: Any) -> None:
    db.execute_sql(_STATEMENT.replace("BIGINT", "INTEGER") if isinstance(db, SqliteDatabase) else _STATEMENT)


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("DROP TABLE site_picture")
