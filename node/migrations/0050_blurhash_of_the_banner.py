"""The blurred form of the node's banner, which apps show while the picture loads; of one of before it is not known."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql("ALTER TABLE site_picture ADD COLUMN blurhash TEXT NOT NULL DEFAULT ''")


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("ALTER TABLE site_picture DROP COLUMN blurhash")
