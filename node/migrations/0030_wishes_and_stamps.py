"""Which posts authors elsewhere keep from visitors, which favourites were allowed by which stamp, and one index less."""

from typing import Any

from peewee import SqliteDatabase

_FORWARD = (
    "ALTER TABLE account ADD COLUMN hides_public BOOLEAN NOT NULL DEFAULT FALSE",
    "ALTER TABLE account ADD COLUMN hides_unlisted BOOLEAN NOT NULL DEFAULT FALSE",
    "ALTER TABLE favourite ADD COLUMN stamp_uri TEXT NOT NULL DEFAULT ''",
    "DROP INDEX kept_draft_media_draft_id",  # the unique index begins with it
)
_BACK = (
    "CREATE INDEX kept_draft_media_draft_id ON kept_draft_media (draft_id)",
    "ALTER TABLE favourite DROP COLUMN stamp_uri",
    "ALTER TABLE account DROP COLUMN hides_unlisted",
    "ALTER TABLE account DROP COLUMN hides_public",
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
