"""What the staff tells everybody here, who has read it, and how they take it."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    """
    CREATE TABLE announcement (
        id BIGINT PRIMARY KEY,
        text TEXT NOT NULL,
        ends_at BIGINT,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL
    )
    """,
    """
    CREATE TABLE announcement_read (
        id BIGINT PRIMARY KEY,
        announcement_id BIGINT NOT NULL REFERENCES announcement ON DELETE CASCADE,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE
    )
    """,
    "CREATE UNIQUE INDEX announcement_read_account_id_announcement_id ON announcement_read (account_id, announcement_id)",
    "CREATE INDEX announcement_read_announcement_id ON announcement_read (announcement_id)",
    """
    CREATE TABLE announcement_reaction (
        id BIGINT PRIMARY KEY,
        announcement_id BIGINT NOT NULL REFERENCES announcement ON DELETE CASCADE,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        name TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    """
    CREATE UNIQUE INDEX announcement_reaction_announcement_id_account_id_name
        ON announcement_reaction (announcement_id, account_id, name)
    """,
    "CREATE INDEX announcement_reaction_account_id ON announcement_reaction (account_id)",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        db.execute_sql(statement.replace("BIGINT", "INTEGER") if sqlite else statement)


def down(migrator: Any, db: Any) -> None:
    for table in ("announcement_reaction", "announcement_read", "announcement"):
        db.execute_sql(f"DROP TABLE {table}")
