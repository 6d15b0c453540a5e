"""Moving pictures that were stored before they had a first frame of their own get one: a job looks at them, once."""

from typing import Any

# No id that was ever drawn is so small.
_ID = 48
_UP = f"""
    INSERT INTO job (id, kind, subject, payload, priority, due_at, early, attempts, error)
    SELECT {_ID}, 'make_stills', 0, '', 2, 0, FALSE, 0, ''
    WHERE EXISTS (
        SELECT 1 FROM account
        WHERE domain = '' AND (SUBSTR(avatar_key, 1, 8) = 'avatars/' OR SUBSTR(header_key, 1, 8) = 'headers/')
    ) OR EXISTS (SELECT 1 FROM custom_emoji WHERE domain = '' AND SUBSTR(image_key, 1, 6) = 'emoji/')
    """  # noqa: S608 - a number of ours


def up(migrator: Any, db: Any) -> None:
    db.execute_sql(_UP)


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("DELETE FROM job WHERE kind = 'make_stills'")
