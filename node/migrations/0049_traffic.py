"""What goes to each server and comes from it, by day; and how much came, by hour."""

from typing import Any

from peewee import SqliteDatabase

_UP = (
    "ALTER TABLE delivery_count ADD COLUMN received INTEGER NOT NULL DEFAULT 0",
    """
    CREATE TABLE server_day (
        host TEXT NOT NULL,
        day INTEGER NOT NULL,
        received INTEGER NOT NULL,
        delivered INTEGER NOT NULL,
        answers INTEGER NOT NULL,
        answer_ms BIGINT NOT NULL,
        PRIMARY KEY (host, day)
    )
    """,
    "CREATE INDEX server_day_day ON server_day (day)",
)


def up(migrator: Any, db: Any) -> None:
    for statement in _UP:
        is_table = "CREATE TABLE" in statement and isinstance(db, SqliteDatabase)
        db.execute_sql(statement.replace("BIGINT", "INTEGER") + " WITHOUT ROWID" if is_table else statement)


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("DROP TABLE server_day")
    db.execute_sql("ALTER TABLE delivery_count DROP COLUMN received")
