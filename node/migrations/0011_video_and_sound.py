"""Video and sound: the upload while it is worked on, what was wrong with it, what was measured (ADR 25)."""

from typing import Any

_FORWARD = (
    "ALTER TABLE media_attachment ADD COLUMN source_key TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE media_attachment ADD COLUMN problem TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE media_attachment ADD COLUMN frame_rate TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE media_attachment ADD COLUMN bitrate INTEGER",
)
_BACK = (
    "DELETE FROM media_attachment WHERE source_key <> '' OR problem <> ''",  # nothing would ever make them ready
    "DELETE FROM job WHERE kind = 'make_film'",
    *(
        f"ALTER TABLE media_attachment DROP COLUMN {name}"
        for name in ("bitrate", "frame_rate", "problem", "source_key")
    ),
)


def up(migrator: Any, db: Any) -> None:
    for statement in _FORWARD:
        db.execute_sql(statement)


def down(migrator: Any, db: Any) -> None:
    for statement in _BACK:
        db.execute_sql(statement)
