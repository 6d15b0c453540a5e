"""What the staff decided about somebody here, as they are told, and what they say to it."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    """
    CREATE TABLE account_warning (
        id BIGINT PRIMARY KEY,
        account_id BIGINT REFERENCES account ON DELETE SET NULL,
        target_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        action TEXT NOT NULL,
        text TEXT NOT NULL,
        report_id BIGINT REFERENCES report ON DELETE SET NULL,
        status_ids TEXT NOT NULL,
        evidence TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX account_warning_account_id ON account_warning (account_id)",
    "CREATE INDEX account_warning_target_id_id ON account_warning (target_id, id)",
    "CREATE INDEX account_warning_report_id ON account_warning (report_id)",
    """
    CREATE TABLE appeal (
        id BIGINT PRIMARY KEY,
        warning_id BIGINT NOT NULL UNIQUE REFERENCES account_warning ON DELETE CASCADE,
        text TEXT NOT NULL,
        state TEXT NOT NULL,
        decided_at BIGINT,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX appeal_state ON appeal (state)",
    "ALTER TABLE notification ADD COLUMN warning_id BIGINT REFERENCES account_warning ON DELETE CASCADE",
    "CREATE INDEX notification_warning_id ON notification (warning_id)",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        db.execute_sql(statement.replace("BIGINT", "INTEGER") if sqlite else statement)


def down(migrator: Any, db: Any) -> None:
    for statement in (
        "DROP INDEX notification_warning_id",
        "ALTER TABLE notification DROP COLUMN warning_id",
        "DROP TABLE appeal",
        "DROP TABLE account_warning",
    ):
        db.execute_sql(statement)
