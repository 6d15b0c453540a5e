"""Planned maintenance."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    """
    CREATE TABLE maintenance (
        id BIGINT PRIMARY KEY,
        starts_at BIGINT NOT NULL,
        ends_at BIGINT NOT NULL,
        text TEXT NOT NULL,
        read_only BOOLEAN NOT NULL,
        holds_deliveries BOOLEAN NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX maintenance_ends_at ON maintenance (ends_at)",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        if sqlite:
            statement = statement.replace("BIGINT", "INTEGER").replace("BOOLEAN", "INTEGER")
        db.execute_sql(statement)


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("DROP TABLE maintenance")
