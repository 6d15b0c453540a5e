"""What people want to go of what they wrote, when it is old."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    """
    CREATE TABLE auto_deletion (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL UNIQUE REFERENCES account ON DELETE CASCADE,
        enabled BOOLEAN NOT NULL,
        min_age_days INTEGER NOT NULL,
        keep_pinned BOOLEAN NOT NULL,
        keep_favourited BOOLEAN NOT NULL,
        keep_bookmarked BOOLEAN NOT NULL,
        keep_polls BOOLEAN NOT NULL,
        keep_media BOOLEAN NOT NULL,
        keep_direct BOOLEAN NOT NULL,
        min_favourites INTEGER,
        min_reblogs INTEGER,
        scanned_id BIGINT NOT NULL,
        due_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX auto_deletion_enabled_due_at ON auto_deletion (enabled, due_at)",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        if sqlite:
            statement = statement.replace("BIGINT", "INTEGER").replace("BOOLEAN", "INTEGER")
        db.execute_sql(statement)


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("DROP TABLE auto_deletion")
