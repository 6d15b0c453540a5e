"""Rules for domains that hold for a while."""

from typing import Any

from peewee import SqliteDatabase


def up(migrator: Any, db: Any) -> None:
    kind = "INTEGER" if isinstance(db, SqliteDatabase) else "BIGINT"
    db.execute_sql(f"ALTER TABLE domain_block ADD COLUMN expires_at {kind}")


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("ALTER TABLE domain_block DROP COLUMN expires_at")
