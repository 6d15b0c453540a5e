"""Quotes and interaction policies (docs/adr/0019-approvals.md)."""

from typing import Any

from peewee import SqliteDatabase

_UP = (
    "ALTER TABLE status ADD COLUMN policy TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE status ADD COLUMN quotes_count INTEGER NOT NULL DEFAULT 0",
    """
    CREATE TABLE approval (
        id BIGINT PRIMARY KEY,
        kind TEXT NOT NULL,
        status_id BIGINT NOT NULL REFERENCES status ON DELETE CASCADE,
        target_id BIGINT REFERENCES status ON DELETE SET NULL,
        target_uri TEXT NOT NULL,
        account_id BIGINT REFERENCES account ON DELETE SET NULL,
        state TEXT NOT NULL,
        legacy BOOLEAN NOT NULL,
        stamp_uri TEXT NOT NULL,
        request_uri TEXT NOT NULL,
        held TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX approval_status_id_kind ON approval (status_id, kind)",
    "CREATE INDEX approval_target_id_kind_status_id ON approval (target_id, kind, status_id)",
    "CREATE INDEX approval_account_id_state_id ON approval (account_id, state, id)",
    "CREATE INDEX approval_stamp_uri ON approval (stamp_uri) WHERE stamp_uri <> ''",
)
_DOWN = (
    "DROP TABLE approval",
    "ALTER TABLE status DROP COLUMN quotes_count",
    "ALTER TABLE status DROP COLUMN policy",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _UP:
        # An INTEGER PRIMARY KEY is the row's own address on SQLite.
        db.execute_sql(statement.replace("BIGINT", "INTEGER").replace("BOOLEAN", "INTEGER") if sqlite else statement)


def down(migrator: Any, db: Any) -> None:
    for statement in _DOWN:
        db.execute_sql(statement)
