"""Which updates take the place of which, and jobs that may be taken before their time (ADR 23)."""

from typing import Any

from peewee import SqliteDatabase

_FORWARD = (
    "ALTER TABLE activity ADD COLUMN newness INTEGER NOT NULL DEFAULT 0",
    "DROP INDEX activity_actor_id",
    "CREATE INDEX activity_actor_id_about ON activity (actor_id, about)",  # for questions about an actor, too
    "ALTER TABLE job ADD COLUMN early BOOLEAN NOT NULL DEFAULT FALSE",
)
_BACK = (
    "ALTER TABLE job DROP COLUMN early",
    "DROP INDEX activity_actor_id_about",
    "CREATE INDEX activity_actor_id ON activity (actor_id)",
    "ALTER TABLE activity DROP COLUMN newness",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _FORWARD:
        db.execute_sql(
            statement.replace("BOOLEAN NOT NULL DEFAULT FALSE", "INTEGER NOT NULL DEFAULT 0") if sqlite else statement
        )


def down(migrator: Any, db: Any) -> None:
    for statement in _BACK:
        db.execute_sql(statement)
