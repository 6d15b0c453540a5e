"""What people show on their profiles: hashtags and other people."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    """
    CREATE TABLE featured_tag (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        tag_id BIGINT NOT NULL REFERENCES tag ON DELETE CASCADE,
        name TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX featured_tag_account_id_tag_id ON featured_tag (account_id, tag_id)",
    "CREATE INDEX featured_tag_tag_id ON featured_tag (tag_id)",
    """
    CREATE TABLE endorsement (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        target_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX endorsement_account_id_target_id ON endorsement (account_id, target_id)",
    "CREATE INDEX endorsement_target_id ON endorsement (target_id)",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        db.execute_sql(statement.replace("BIGINT", "INTEGER") if sqlite else statement)


def down(migrator: Any, db: Any) -> None:
    for table in ("endorsement", "featured_tag"):
        db.execute_sql(f"DROP TABLE {table}")
