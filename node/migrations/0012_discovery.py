"""What may be a trend, and whom people do not want to be shown."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    """
    CREATE TABLE trend_decision (
        id BIGINT PRIMARY KEY,
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        allowed BOOLEAN NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX trend_decision_kind_key ON trend_decision (kind, key)",
    """
    CREATE TABLE dismissed_suggestion (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        target_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX dismissed_suggestion_account_id_target_id ON dismissed_suggestion (account_id, target_id)",
    "CREATE INDEX dismissed_suggestion_target_id ON dismissed_suggestion (target_id)",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        db.execute_sql(statement.replace("BIGINT", "INTEGER") if sqlite else statement)


def down(migrator: Any, db: Any) -> None:
    for table in ("dismissed_suggestion", "trend_decision"):
        db.execute_sql(f"DROP TABLE {table}")
