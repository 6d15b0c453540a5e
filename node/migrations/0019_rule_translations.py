"""Rules in other languages."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql("ALTER TABLE rule ADD COLUMN translations TEXT NOT NULL DEFAULT '{}'")


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("ALTER TABLE rule DROP COLUMN translations")
