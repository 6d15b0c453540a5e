"""That somebody was old enough to join when they did; not how old."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENT = "ALTER TABLE users ADD COLUMN age_checked_at BIGINT"


def up(migrator: Any, db: Any) -> None:
    db.execute_sql(_STATEMENT.replace("BIGINT", "INTEGER") if isinstance(db, SqliteDatabase) else _STATEMENT)


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("ALTER TABLE users DROP COLUMN age_checked_at")
