"""What somebody does not want to read: filters with their keywords and statuses."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    """
    CREATE TABLE filter (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        title TEXT NOT NULL,
        action TEXT NOT NULL,
        contexts TEXT NOT NULL,
        expires_at BIGINT,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX filter_account_id ON filter (account_id)",
    """
    CREATE TABLE filter_keyword (
        id BIGINT PRIMARY KEY,
        filter_id BIGINT NOT NULL REFERENCES filter ON DELETE CASCADE,
        keyword TEXT NOT NULL,
        whole_word BOOLEAN NOT NULL
    )
    """,
    "CREATE INDEX filter_keyword_filter_id ON filter_keyword (filter_id)",
    """
    CREATE TABLE filter_status (
        id BIGINT PRIMARY KEY,
        filter_id BIGINT NOT NULL REFERENCES filter ON DELETE CASCADE,
        status_id BIGINT NOT NULL REFERENCES status ON DELETE CASCADE
    )
    """,
    "CREATE UNIQUE INDEX filter_status_filter_id_status_id ON filter_status (filter_id, status_id)",
    "CREATE INDEX filter_status_status_id ON filter_status (status_id)",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        if sqlite:
            statement = statement.replace("BIGINT", "INTEGER").replace("BOOLEAN", "INTEGER")
        db.execute_sql(statement)


def down(migrator: Any, db: Any) -> None:
    for table in ("filter_status", "filter_keyword", "filter"):
        db.execute_sql(f"DROP TABLE {table}")
