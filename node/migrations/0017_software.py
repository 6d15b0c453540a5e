"""What the servers that we deliver to say they run, and when they were last asked."""

from typing import Any

from peewee import SqliteDatabase

_FORWARD = (
    "ALTER TABLE destination ADD COLUMN software_version TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE destination ADD COLUMN described_at BIGINT",
)
_BACK = (
    "ALTER TABLE destination DROP COLUMN described_at",
    "ALTER TABLE destination DROP COLUMN software_version",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _FORWARD:
        db.execute_sql(statement.replace("BIGINT", "INTEGER") if sqlite else statement)


def down(migrator: Any, db: Any) -> None:
    for statement in _BACK:
        db.execute_sql(statement)
