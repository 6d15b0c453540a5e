"""When an app was last used: one from which everybody has signed out is kept for who comes back."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql("ALTER TABLE application ADD COLUMN used_at BIGINT")


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("ALTER TABLE application DROP COLUMN used_at")
