"""Web Push for browsers that are signed in: a subscription belongs to a token or to a session, and may have quiet hours."""

from typing import Any

from peewee import SqliteDatabase

_NEW = (
    "ALTER TABLE push_subscription ALTER COLUMN token_id DROP NOT NULL",
    "ALTER TABLE push_subscription ADD COLUMN session_id BIGINT REFERENCES session ON DELETE CASCADE",
    "ALTER TABLE push_subscription ADD COLUMN quiet_from INTEGER",
    "ALTER TABLE push_subscription ADD COLUMN quiet_until INTEGER",
    "ALTER TABLE push_subscription ADD COLUMN time_zone TEXT NOT NULL DEFAULT ''",
)
_OLD = (
    "ALTER TABLE push_subscription DROP COLUMN time_zone",
    "ALTER TABLE push_subscription DROP COLUMN quiet_until",
    "ALTER TABLE push_subscription DROP COLUMN quiet_from",
    "ALTER TABLE push_subscription DROP COLUMN session_id",
    "ALTER TABLE push_subscription ALTER COLUMN token_id SET NOT NULL",
)
_COLUMNS = (
    "id, token_id, account_id, endpoint, p256dh, auth, standard, policy, alerts, sealed_token, refusals, created_at"
)
# SQLite takes no NOT NULL away from a column that is there: the table is made anew.
_TABLE = """
    CREATE TABLE push_subscription_next (
        id INTEGER PRIMARY KEY,
        token_id INTEGER {null} REFERENCES token ON DELETE CASCADE,
        account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
        endpoint TEXT NOT NULL,
        p256dh TEXT NOT NULL,
        auth TEXT NOT NULL,
        standard INTEGER NOT NULL,
        policy TEXT NOT NULL,
        alerts TEXT NOT NULL,
        sealed_token TEXT NOT NULL,
        refusals INTEGER NOT NULL,
        created_at INTEGER NOT NULL{more}
    )
"""
_MORE = """,
        session_id INTEGER REFERENCES session ON DELETE CASCADE,
        quiet_from INTEGER,
        quiet_until INTEGER,
        time_zone TEXT NOT NULL DEFAULT ''"""
_SESSION_INDEX = "CREATE UNIQUE INDEX push_subscription_session_id ON push_subscription (session_id)"


def up(migrator: Any, db: Any) -> None:
    if isinstance(db, SqliteDatabase):
        _rebuild(db, _TABLE.format(null="", more=_MORE))
    else:
        for statement in _NEW:
            db.execute_sql(statement)
    db.execute_sql(_SESSION_INDEX)


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("DELETE FROM push_subscription WHERE token_id IS NULL")
    db.execute_sql("DROP INDEX push_subscription_session_id")
    if isinstance(db, SqliteDatabase):
        _rebuild(db, _TABLE.format(null="NOT NULL", more=""))
    else:
        for statement in _OLD:
            db.execute_sql(statement)


def _rebuild(db: Any, table: str) -> None:
    db.execute_sql(table)
    db.execute_sql(f"INSERT INTO push_subscription_next ({_COLUMNS}) SELECT {_COLUMNS} FROM push_subscription")  # noqa: S608
    db.execute_sql("DROP TABLE push_subscription")
    db.execute_sql("ALTER TABLE push_subscription_next RENAME TO push_subscription")
    db.execute_sql("CREATE UNIQUE INDEX push_subscription_token_id ON push_subscription (token_id)")
    db.execute_sql("CREATE INDEX push_subscription_account_id ON push_subscription (account_id)")
