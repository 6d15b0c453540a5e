"""Each account's own word on what is deleted, and when it may be forgotten."""

from typing import Any

_UP = (
    "DROP INDEX tombstone_uri",
    "CREATE UNIQUE INDEX tombstone_uri_account_uri ON tombstone (uri, account_uri)",
    "CREATE INDEX tombstone_deleted_at ON tombstone (deleted_at)",
)
_DOWN = (
    "DROP INDEX tombstone_deleted_at",
    "DROP INDEX tombstone_uri_account_uri",
    "DELETE FROM tombstone WHERE id NOT IN (SELECT MIN(id) FROM tombstone GROUP BY uri)",
    "CREATE UNIQUE INDEX tombstone_uri ON tombstone (uri)",
)


def up(migrator: Any, db: Any) -> None:
    for statement in _UP:
        db.execute_sql(statement)


def down(migrator: Any, db: Any) -> None:
    for statement in _DOWN:
        db.execute_sql(statement)
