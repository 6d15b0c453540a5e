"""Follows that ended at once, without whom they belonged to ending them one by one."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    """
    CREATE TABLE severance (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        kind TEXT NOT NULL,
        target_name TEXT NOT NULL,
        following_count INTEGER NOT NULL,
        followers_count INTEGER NOT NULL,
        purged BOOLEAN NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX severance_account_id_id ON severance (account_id, id)",
    "CREATE INDEX severance_created_at ON severance (created_at)",
    """
    CREATE TABLE severed_follow (
        id BIGINT PRIMARY KEY,
        severance_id BIGINT NOT NULL REFERENCES severance ON DELETE CASCADE,
        is_follower BOOLEAN NOT NULL,
        address TEXT NOT NULL,
        show_reblogs BOOLEAN NOT NULL,
        notify BOOLEAN NOT NULL,
        languages TEXT NOT NULL
    )
    """,
    "CREATE INDEX severed_follow_severance_id_is_follower_id ON severed_follow (severance_id, is_follower, id)",
    "ALTER TABLE notification ADD COLUMN severance_id BIGINT REFERENCES severance ON DELETE CASCADE",
    "CREATE INDEX notification_severance_id ON notification (severance_id)",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        if sqlite:
            statement = statement.replace("BIGINT", "INTEGER").replace("BOOLEAN", "INTEGER")
        db.execute_sql(statement)


def down(migrator: Any, db: Any) -> None:
    for statement in (
        "DROP INDEX notification_severance_id",
        "ALTER TABLE notification DROP COLUMN severance_id",
        "DROP TABLE severed_follow",
        "DROP TABLE severance",
    ):
        db.execute_sql(statement)
