"""Letters about what concerns an organisation go to each member who wants them, no longer to one."""

from typing import Any

from peewee import SqliteDatabase

_TABLE = """
    CREATE TABLE new_mail_notice (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL{unique} REFERENCES account ON DELETE CASCADE,
        user_id BIGINT NOT NULL REFERENCES users ON DELETE CASCADE,
        kinds TEXT NOT NULL,
        told_id BIGINT NOT NULL,
        due_at BIGINT NOT NULL
    )
    """
_COPY = """
    INSERT INTO new_mail_notice (id, account_id, user_id, kinds, told_id, due_at)
    SELECT id, account_id, user_id, kinds, told_id, due_at FROM mail_notice
    """
# Of several members the first stays.
_COPY_FIRST = f"{_COPY} WHERE id IN (SELECT MIN(id) FROM mail_notice GROUP BY account_id)"  # noqa: S608 - ours
_INDEXES = (
    "CREATE INDEX mail_notice_user_id ON mail_notice (user_id)",
    "CREATE INDEX mail_notice_due_at ON mail_notice (due_at)",
)


def up(migrator: Any, db: Any) -> None:
    _put_in_place(db, _TABLE.format(unique=""), _COPY)
    db.execute_sql("CREATE UNIQUE INDEX mail_notice_account_id_user_id ON mail_notice (account_id, user_id)")


def down(migrator: Any, db: Any) -> None:
    _put_in_place(db, _TABLE.format(unique=" UNIQUE"), _COPY_FIRST)


def _put_in_place(db: Any, table: str, copy: str) -> None:
    """A constraint that was written into the table goes with the table alone, on SQLite."""
    sqlite = isinstance(db, SqliteDatabase)
    for statement in (
        table.replace("BIGINT", "INTEGER") if sqlite else table,
        copy,
        "DROP TABLE mail_notice",
        "ALTER TABLE new_mail_notice RENAME TO mail_notice",
        *_INDEXES,
    ):
        db.execute_sql(statement)
