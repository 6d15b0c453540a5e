"""What a year of somebody's came to."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    """
    CREATE TABLE annual_report (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        year INTEGER NOT NULL,
        archetype TEXT NOT NULL,
        statuses INTEGER NOT NULL,
        followers INTEGER NOT NULL,
        top_status_id BIGINT,
        tag TEXT NOT NULL,
        tag_uses INTEGER NOT NULL,
        made_at BIGINT,
        read_at BIGINT
    )
    """,
    "CREATE UNIQUE INDEX annual_report_account_id_year ON annual_report (account_id, year)",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        db.execute_sql(statement.replace("BIGINT", "INTEGER") if sqlite else statement)


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("DROP TABLE annual_report")
