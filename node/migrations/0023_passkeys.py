"""Passkeys of logins."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    """
    CREATE TABLE passkey (
        id BIGINT PRIMARY KEY,
        user_id BIGINT NOT NULL REFERENCES users ON DELETE CASCADE,
        credential_id TEXT NOT NULL UNIQUE,
        credential TEXT NOT NULL,
        name TEXT NOT NULL,
        sign_count BIGINT NOT NULL,
        asked_at BIGINT NOT NULL,
        created_at BIGINT NOT NULL,
        used_at BIGINT
    )
    """,
    "CREATE INDEX passkey_user_id ON passkey (user_id)",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        db.execute_sql(statement.replace("BIGINT", "INTEGER") if sqlite else statement)


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("DROP TABLE passkey")
