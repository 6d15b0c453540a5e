"""Web Push: subscriptions, and the node's VAPID key."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    """
    CREATE TABLE push_subscription (
        id BIGINT PRIMARY KEY,
        token_id BIGINT NOT NULL REFERENCES token ON DELETE CASCADE,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        endpoint TEXT NOT NULL,
        p256dh TEXT NOT NULL,
        auth TEXT NOT NULL,
        standard BOOLEAN NOT NULL,
        policy TEXT NOT NULL,
        alerts TEXT NOT NULL,
        sealed_token TEXT NOT NULL,
        refusals INTEGER NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX push_subscription_token_id ON push_subscription (token_id)",
    "CREATE INDEX push_subscription_account_id ON push_subscription (account_id)",
    """
    CREATE TABLE push_key (
        id BIGINT PRIMARY KEY,
        private_pem TEXT NOT NULL,
        public_key TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
)


def up(migrator: Any, db: Any) -> None:
    for statement in _STATEMENTS:
        db.execute_sql(_for_sqlite(statement) if isinstance(db, SqliteDatabase) else statement)


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("DROP TABLE push_key")
    db.execute_sql("DROP TABLE push_subscription")


def _for_sqlite(statement: str) -> str:
    return statement.replace("BIGINT", "INTEGER").replace("BOOLEAN", "INTEGER")
