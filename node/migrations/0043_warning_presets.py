"""What the staff often writes to people whom it decides about."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENT = """
    CREATE TABLE warning_preset (
        id BIGINT PRIMARY KEY,
        title TEXT NOT NULL,
        text TEXT NOT NULL
    )
    """


def up(migrator: Any, db: Any) -> None:
    db.execute_sql(_STATEMENT.replace("BIGINT", "INTEGER") if isinstance(db, SqliteDatabase) else _STATEMENT)


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("DROP TABLE warning_preset")
