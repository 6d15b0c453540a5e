"""A banner that was uploaded before its blurred form was kept gets one: a job looks at it, once."""

from typing import Any

# No id that was ever drawn is so small.
_ID = 53
_UP = f"""
    INSERT INTO job (id, kind, subject, payload, priority, due_at, early, attempts, error)
    SELECT {_ID}, 'blur_banner', 0, '', 2, 0, FALSE, 0, ''
    WHERE EXISTS (SELECT 1 FROM site_picture WHERE kind = 'banner' AND blurhash = '')
    """  # noqa: S608 - a number of ours


def up(migrator: Any, db: Any) -> None:
    db.execute_sql(_UP)


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("DELETE FROM job WHERE kind = 'blur_banner'")
