"""Which sections of their profile people want to be shown."""

from typing import Any

from peewee import SqliteDatabase

_NAMES = ("show_media", "show_media_replies", "show_featured")


def up(migrator: Any, db: Any) -> None:
    kind = "INTEGER NOT NULL DEFAULT 1" if isinstance(db, SqliteDatabase) else "BOOLEAN NOT NULL DEFAULT TRUE"
    for name in _NAMES:
        db.execute_sql(f"ALTER TABLE account ADD COLUMN {name} {kind}")


def down(migrator: Any, db: Any) -> None:
    for name in reversed(_NAMES):
        db.execute_sql(f"ALTER TABLE account DROP COLUMN {name}")
