"""Networks and e-mail addresses with which nobody signs up."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    """
    CREATE TABLE sign_up_block (
        id BIGINT PRIMARY KEY,
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        severity TEXT NOT NULL,
        comment TEXT NOT NULL,
        expires_at BIGINT,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX sign_up_block_kind_value ON sign_up_block (kind, value)",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        db.execute_sql(statement.replace("BIGINT", "INTEGER") if sqlite else statement)


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("DROP TABLE sign_up_block")
