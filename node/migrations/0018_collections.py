"""Collections of accounts, with the consent of those who are in them."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    """
    CREATE TABLE collection (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        uri TEXT NOT NULL UNIQUE,
        url TEXT NOT NULL,
        name TEXT NOT NULL,
        description TEXT NOT NULL,
        language TEXT NOT NULL,
        sensitive BOOLEAN NOT NULL,
        discoverable BOOLEAN NOT NULL,
        tag_id BIGINT REFERENCES tag ON DELETE SET NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX collection_account_id_id ON collection (account_id, id)",
    "CREATE INDEX collection_tag_id ON collection (tag_id)",
    """
    CREATE TABLE collection_item (
        id BIGINT PRIMARY KEY,
        collection_id BIGINT NOT NULL REFERENCES collection ON DELETE CASCADE,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        state TEXT NOT NULL,
        position INTEGER NOT NULL,
        uri TEXT NOT NULL,
        stamp_uri TEXT NOT NULL,
        stamp_seen_at BIGINT,
        request_uri TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX collection_item_collection_id_account_id ON collection_item (collection_id, account_id)",
    "CREATE INDEX collection_item_account_id_state_id ON collection_item (account_id, state, id)",
    "CREATE INDEX collection_item_stamp_uri ON collection_item (stamp_uri) WHERE stamp_uri <> ''",
    "ALTER TABLE account ADD COLUMN feature_policy TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE notification ADD COLUMN collection_id BIGINT REFERENCES collection ON DELETE CASCADE",
    "CREATE INDEX notification_collection_id ON notification (collection_id)",
    "ALTER TABLE report ADD COLUMN collection_ids TEXT NOT NULL DEFAULT '[]'",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        if sqlite:
            statement = statement.replace("BIGINT", "INTEGER").replace("BOOLEAN", "INTEGER")
        db.execute_sql(statement)


def down(migrator: Any, db: Any) -> None:
    for statement in (
        "ALTER TABLE report DROP COLUMN collection_ids",
        "DROP INDEX notification_collection_id",
        "ALTER TABLE notification DROP COLUMN collection_id",
        "ALTER TABLE account DROP COLUMN feature_policy",
        "DROP TABLE collection_item",
        "DROP TABLE collection",
    ):
        db.execute_sql(statement)
