"""What people began to write, kept until it is posted."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    """
    CREATE TABLE kept_draft (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        key TEXT NOT NULL,
        form TEXT NOT NULL,
        updated_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX kept_draft_account_id ON kept_draft (account_id)",
    "CREATE UNIQUE INDEX kept_draft_account_id_key ON kept_draft (account_id, key)",
    """
    CREATE TABLE kept_draft_media (
        id BIGINT PRIMARY KEY,
        media_id BIGINT NOT NULL REFERENCES media_attachment ON DELETE CASCADE,
        draft_id BIGINT NOT NULL REFERENCES kept_draft ON DELETE CASCADE
    )
    """,
    "CREATE INDEX kept_draft_media_media_id ON kept_draft_media (media_id)",
    "CREATE INDEX kept_draft_media_draft_id ON kept_draft_media (draft_id)",
    "CREATE UNIQUE INDEX kept_draft_media_draft_id_media_id ON kept_draft_media (draft_id, media_id)",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        db.execute_sql(statement.replace("BIGINT", "INTEGER") if sqlite else statement)


def down(migrator: Any, db: Any) -> None:
    for table in ("kept_draft_media", "kept_draft"):
        db.execute_sql(f"DROP TABLE {table}")
