"""Letters about notifications."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    """
    CREATE TABLE mail_notice (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL UNIQUE REFERENCES account ON DELETE CASCADE,
        user_id BIGINT NOT NULL REFERENCES users ON DELETE CASCADE,
        kinds TEXT NOT NULL,
        told_id BIGINT NOT NULL,
        due_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX mail_notice_user_id ON mail_notice (user_id)",
    "CREATE INDEX mail_notice_due_at ON mail_notice (due_at)",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        db.execute_sql(statement.replace("BIGINT", "INTEGER") if sqlite else statement)


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("DROP TABLE mail_notice")
