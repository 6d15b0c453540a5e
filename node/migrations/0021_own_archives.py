"""Archives that people ask for: everything of theirs in one file, for a week."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    """
    CREATE TABLE archive (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        state TEXT NOT NULL,
        file_key TEXT NOT NULL,
        size_bytes BIGINT NOT NULL,
        statuses INTEGER NOT NULL,
        left_out INTEGER NOT NULL,
        problem TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        finished_at BIGINT
    )
    """,
    "CREATE INDEX archive_account_id ON archive (account_id)",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        db.execute_sql(statement.replace("BIGINT", "INTEGER") if sqlite else statement)


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("DROP TABLE archive")
