"""Posts that wait for their time (docs/adr/0018-scheduled-posts.md)."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    """
    CREATE TABLE scheduled_status (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        draft TEXT NOT NULL,
        idempotency TEXT,
        scheduled_at BIGINT NOT NULL,
        problem TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX scheduled_status_account_id ON scheduled_status (account_id)",
    "CREATE UNIQUE INDEX scheduled_status_idempotency ON scheduled_status (idempotency)",
    """
    CREATE TABLE scheduled_media (
        id BIGINT PRIMARY KEY,
        media_id BIGINT NOT NULL REFERENCES media_attachment ON DELETE CASCADE,
        scheduled_id BIGINT NOT NULL REFERENCES scheduled_status ON DELETE CASCADE,
        position INTEGER NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX scheduled_media_media_id ON scheduled_media (media_id)",
    "CREATE INDEX scheduled_media_scheduled_id ON scheduled_media (scheduled_id)",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        db.execute_sql(statement.replace("BIGINT", "INTEGER") if sqlite else statement)


def down(migrator: Any, db: Any) -> None:
    for table in ("scheduled_media", "scheduled_status"):
        db.execute_sql(f"DROP TABLE {table}")
