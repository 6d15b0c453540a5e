"""Lists that people bring from elsewhere, on their way in."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    """
    CREATE TABLE intake (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        kind TEXT NOT NULL,
        state TEXT NOT NULL,
        replaces BOOLEAN NOT NULL,
        file_name TEXT NOT NULL,
        entries TEXT NOT NULL,
        total INTEGER NOT NULL,
        position INTEGER NOT NULL,
        failed INTEGER NOT NULL,
        removed INTEGER NOT NULL,
        renamed TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        finished_at BIGINT
    )
    """,
    "CREATE INDEX intake_account_id ON intake (account_id)",
    """
    CREATE TABLE intake_failure (
        id BIGINT PRIMARY KEY,
        intake_id BIGINT NOT NULL REFERENCES intake ON DELETE CASCADE,
        line INTEGER NOT NULL,
        cells TEXT NOT NULL,
        problem TEXT NOT NULL
    )
    """,
    "CREATE INDEX intake_failure_intake_id ON intake_failure (intake_id)",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        if sqlite:
            statement = statement.replace("BIGINT", "INTEGER").replace("BOOLEAN", "INTEGER")
        db.execute_sql(statement)


def down(migrator: Any, db: Any) -> None:
    for table in ("intake_failure", "intake"):
        db.execute_sql(f"DROP TABLE {table}")
