"""Who changed a draft last, and how often it was changed."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    "ALTER TABLE kept_draft ADD COLUMN by BIGINT",
    "ALTER TABLE kept_draft ADD COLUMN revision INTEGER NOT NULL DEFAULT 1",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        db.execute_sql(statement.replace("BIGINT", "INTEGER") if sqlite else statement)


def down(migrator: Any, db: Any) -> None:
    for name in ("revision", "by"):
        db.execute_sql(f"ALTER TABLE kept_draft DROP COLUMN {name}")
