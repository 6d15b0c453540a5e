"""Emoji reactions, and the names that people of this node had before."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    """
    CREATE TABLE emoji_reaction (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        status_id BIGINT NOT NULL REFERENCES status ON DELETE CASCADE,
        emoji TEXT NOT NULL,
        uri TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX emoji_reaction_status_id ON emoji_reaction (status_id)",
    "CREATE UNIQUE INDEX emoji_reaction_account_id_status_id_emoji ON emoji_reaction (account_id, status_id, emoji)",
    "ALTER TABLE status ADD COLUMN reactions TEXT NOT NULL DEFAULT '[]'",
    """
    CREATE TABLE former_name (
        id BIGINT PRIMARY KEY,
        username TEXT NOT NULL,
        username_key TEXT NOT NULL,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX former_name_username_key ON former_name (username_key)",
    "CREATE INDEX former_name_account_id ON former_name (account_id)",
)
_BACK = (
    "DROP TABLE former_name",
    "ALTER TABLE status DROP COLUMN reactions",
    "DROP TABLE emoji_reaction",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        db.execute_sql(statement.replace("BIGINT", "INTEGER") if sqlite else statement)


def down(migrator: Any, db: Any) -> None:
    for statement in _BACK:
        db.execute_sql(statement)
