"""What was reported, as it was, and notes of the staff about it."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    "ALTER TABLE report ADD COLUMN evidence TEXT NOT NULL DEFAULT '[]'",
    """
    CREATE TABLE report_note (
        id BIGINT PRIMARY KEY,
        report_id BIGINT NOT NULL REFERENCES report ON DELETE CASCADE,
        account_id BIGINT REFERENCES account ON DELETE SET NULL,
        text TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX report_note_report_id ON report_note (report_id)",
    "CREATE INDEX report_note_account_id ON report_note (account_id)",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        db.execute_sql(statement.replace("BIGINT", "INTEGER") if sqlite else statement)


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("DROP TABLE report_note")
    db.execute_sql("ALTER TABLE report DROP COLUMN evidence")
