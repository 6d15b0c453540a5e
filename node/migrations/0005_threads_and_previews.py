"""Completing threads, and previews of links (docs/adr/0021-threads-and-previews.md)."""

from typing import Any

from peewee import SqliteDatabase

_UP = (
    "ALTER TABLE thread ADD COLUMN context_uri TEXT NOT NULL DEFAULT ''",
    # Threads that began here are listed under their own names.
    """
    UPDATE thread SET context_uri = uri WHERE EXISTS (
        SELECT 1 FROM status
        WHERE status.thread_id = thread.id AND status.local AND status.uri || '/context' = thread.uri
    )
    """,
    "ALTER TABLE account ADD COLUMN attribution_domains TEXT NOT NULL DEFAULT '[]'",
    """
    CREATE TABLE preview_card (
        id BIGINT NOT NULL PRIMARY KEY,
        key TEXT NOT NULL,
        url TEXT NOT NULL,
        title TEXT NOT NULL,
        description TEXT NOT NULL,
        provider_name TEXT NOT NULL,
        provider_url TEXT NOT NULL,
        author_name TEXT NOT NULL,
        author_url TEXT NOT NULL,
        author_id BIGINT REFERENCES account ON DELETE SET NULL,
        image_url TEXT NOT NULL,
        image_description TEXT NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        language TEXT,
        published_at BIGINT,
        created_at BIGINT NOT NULL,
        fetched_at BIGINT
    )
    """,
    "CREATE UNIQUE INDEX preview_card_key ON preview_card (key)",
    "CREATE INDEX preview_card_author_id ON preview_card (author_id)",
    "ALTER TABLE status ADD COLUMN replies_uri TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE status ADD COLUMN replies_announced INTEGER",
    "ALTER TABLE status ADD COLUMN card_id BIGINT REFERENCES preview_card ON DELETE SET NULL",
    "CREATE INDEX status_card ON status (card_id) WHERE card_id IS NOT NULL",
    """
    CREATE TABLE thread_fetch (
        id BIGINT NOT NULL PRIMARY KEY,
        thread_id BIGINT NOT NULL REFERENCES thread ON DELETE CASCADE,
        focus_id BIGINT NOT NULL REFERENCES status ON DELETE CASCADE,
        asked_at BIGINT NOT NULL,
        finished_at BIGINT,
        found INTEGER NOT NULL,
        asked INTEGER NOT NULL,
        pages INTEGER NOT NULL,
        recursive BOOLEAN NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX thread_fetch_thread_id ON thread_fetch (thread_id)",
    "CREATE INDEX thread_fetch_focus_id ON thread_fetch (focus_id)",
    """
    CREATE TABLE thread_link (
        id BIGINT NOT NULL PRIMARY KEY,
        fetch_id BIGINT NOT NULL REFERENCES thread_fetch ON DELETE CASCADE,
        uri TEXT NOT NULL,
        kind TEXT NOT NULL,
        host TEXT NOT NULL,
        about TEXT NOT NULL,
        room INTEGER NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        due_at BIGINT NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX thread_link_fetch_id_uri ON thread_link (fetch_id, uri)",
    "CREATE INDEX thread_link_fetch_id_state_due_at ON thread_link (fetch_id, state, due_at)",
)

_DOWN = (
    "DROP TABLE thread_link",
    "DROP TABLE thread_fetch",
    "DROP INDEX status_card",
    "ALTER TABLE status DROP COLUMN card_id",
    "ALTER TABLE status DROP COLUMN replies_announced",
    "ALTER TABLE status DROP COLUMN replies_uri",
    "DROP TABLE preview_card",
    "ALTER TABLE account DROP COLUMN attribution_domains",
    "ALTER TABLE thread DROP COLUMN context_uri",
)


def up(migrator: Any, db: Any) -> None:
    for statement in _UP:
        db.execute_sql(_for_engine(statement, db))


def down(migrator: Any, db: Any) -> None:
    for statement in _DOWN:
        db.execute_sql(statement)


def _for_engine(statement: str, db: Any) -> str:
    if isinstance(db, SqliteDatabase):
        return statement.replace("BIGINT", "INTEGER").replace("BOOLEAN", "INTEGER")
    return statement
