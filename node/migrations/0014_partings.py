"""Which servers may keep posts of somebody whom nobody there follows any more."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    """
    CREATE TABLE parting (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        domain TEXT NOT NULL,
        inbox TEXT NOT NULL,
        parted_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX parting_account_id_domain ON parting (account_id, domain)",
    "CREATE INDEX parting_parted_at ON parting (parted_at)",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        db.execute_sql(statement.replace("BIGINT", "INTEGER") if sqlite else statement)


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("DROP TABLE parting")
