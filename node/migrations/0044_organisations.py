"""Roles of those who speak for an account, who is asked to be one of them, and who did what."""

from typing import Any

from peewee import SqliteDatabase

_STATEMENTS = (
    "ALTER TABLE membership ADD COLUMN role TEXT NOT NULL DEFAULT 'self'",
    "CREATE UNIQUE INDEX membership_self_user ON membership (user_id) WHERE role = 'self'",
    "CREATE UNIQUE INDEX membership_self_account ON membership (account_id) WHERE role = 'self'",
    """
    CREATE TABLE member_invitation (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        invited_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        role TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX member_invitation_invited_id ON member_invitation (invited_id)",
    "CREATE UNIQUE INDEX member_invitation_account_id_invited_id ON member_invitation (account_id, invited_id)",
    """
    CREATE TABLE deed (
        id BIGINT PRIMARY KEY,
        account_id BIGINT NOT NULL REFERENCES account ON DELETE CASCADE,
        by_id BIGINT REFERENCES account ON DELETE SET NULL,
        act TEXT NOT NULL,
        about_id BIGINT REFERENCES account ON DELETE SET NULL,
        status_id BIGINT,
        detail TEXT NOT NULL,
        created_at BIGINT NOT NULL
    )
    """,
    "CREATE INDEX deed_account_id_id ON deed (account_id, id)",
)
_BACK = (
    "DROP TABLE deed",
    "DROP TABLE member_invitation",
    "DROP INDEX membership_self_account",
    "DROP INDEX membership_self_user",
    # Without roles everybody who speaks for an account would be its owner.
    "DELETE FROM membership WHERE role <> 'self'",
    "ALTER TABLE membership DROP COLUMN role",
)


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, SqliteDatabase)
    for statement in _STATEMENTS:
        db.execute_sql(statement.replace("BIGINT", "INTEGER") if sqlite else statement)


def down(migrator: Any, db: Any) -> None:
    for statement in _BACK:
        db.execute_sql(statement)
