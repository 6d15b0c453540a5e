"""Collections are found by the addresses of their pages, which posts link to."""

from typing import Any


def up(migrator: Any, db: Any) -> None:
    db.execute_sql("CREATE INDEX collection_url ON collection (url) WHERE url <> ''")


def down(migrator: Any, db: Any) -> None:
    db.execute_sql("DROP INDEX collection_url")
