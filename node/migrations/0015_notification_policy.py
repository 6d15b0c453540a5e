"""Notifications that are held back: what somebody decided about strangers, whom they let through, who waits."""

from typing import Any

from peewee import SqliteDatabase

_TABLES = (
    """
    CREATE TABLE notification_policy (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        not_following TEXT NOT NULL,
        not_followers TEXT NOT NULL,
        new_accounts TEXT NOT NULL,
        private_mentions TEXT NOT NULL,
        limited_accounts TEXT NOT NULL,
        bots TEXT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX notification_policy_account_id ON notification_policy (account_id)",
    """
    CREATE TABLE notification_permission (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        sender_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        created_at BIGINT NOT NULL
    )
    """,
    """
    CREATE UNIQUE INDEX notification_permission_account_id_sender_id
        ON notification_permission (account_id, sender_id)
    """,
    "CREATE INDEX notification_permission_sender_id ON notification_permission (sender_id)",
    """
    CREATE TABLE notification_request (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        sender_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX notification_request_account_id_sender_id ON notification_request (account_id, sender_id)",
    "CREATE INDEX notification_request_sender_id ON notification_request (sender_id)",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _TABLES:
        db.execute_sql(statement.replace("BIGINT", "INTEGER") if sqlite else statement)
    kind = "INTEGER NOT NULL DEFAULT 0" if sqlite else "BOOLEAN NOT NULL DEFAULT FALSE"
    db.execute_sql(f"ALTER TABLE notification ADD COLUMN filtered {kind}")


def down(migrator: Any, db: Any) -> None:
    """What was held back is shown again."""
    db.execute_sql("ALTER TABLE notification DROP COLUMN filtered")
    for table in ("notification_request", "notification_permission", "notification_policy"):
        db.execute_sql(f"DROP TABLE {table}")
