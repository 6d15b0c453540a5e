"""When what was taken in was signed, and whether it was taken back."""

from typing import Any

from peewee import SqliteDatabase


def up(migrator: Any, db: Any) -> None:
    number, switch = (
        ("INTEGER NOT NULL DEFAULT 0", "INTEGER NOT NULL DEFAULT 0")
        if isinstance(db, SqliteDatabase)
        else ("BIGINT NOT NULL DEFAULT 0", "BOOLEAN NOT NULL DEFAULT FALSE")
    )
    db.execute_sql(f"ALTER TABLE received_activity ADD COLUMN signed_at {number}")
    db.execute_sql(f"ALTER TABLE received_activity ADD COLUMN taken_back {switch}")


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("ALTER TABLE received_activity DROP COLUMN taken_back")
    db.execute_sql("ALTER TABLE received_activity DROP COLUMN signed_at")
