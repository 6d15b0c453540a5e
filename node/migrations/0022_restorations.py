"""Archives that people bring from elsewhere, and which posts here were made of which there."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    """
    CREATE TABLE restoration (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        state TEXT NOT NULL,
        file_key TEXT NOT NULL,
        position INTEGER NOT NULL,
        restored INTEGER NOT NULL,
        left_out INTEGER NOT NULL,
        files_left_out INTEGER NOT NULL,
        size_bytes BIGINT NOT NULL,
        problem TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        finished_at BIGINT
    )
    """,
    "CREATE INDEX restoration_account_id ON restoration (account_id)",
    """
    CREATE TABLE restored_status (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        original_uri TEXT NOT NULL,
        status_id BIGINT NOT NULL REFERENCES status ON DELETE CASCADE
    )
    """,
    "CREATE UNIQUE INDEX restored_status_account_id_original_uri ON restored_status (account_id, original_uri)",
    "CREATE INDEX restored_status_status_id ON restored_status (status_id)",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        db.execute_sql(statement.replace("BIGINT", "INTEGER") if sqlite else statement)


def down(migrator: Any, db: Any) -> None:
    for table in ("restored_status", "restoration"):
        db.execute_sql(f"DROP TABLE {table}")
