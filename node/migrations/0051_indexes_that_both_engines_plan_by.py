"""Indexes by which both engines plan well.

That of boosts holds boosts alone: an engine that knows nothing of the rows yet looks for what is no boost by it, and reads
everything. What somebody favourited or bookmarked is found in order, on PostgreSQL, too.
"""

from typing import Any

_LISTS = ("favourite", "bookmark")


def up(migrator: Any, db: Any) -> None:
    db.execute_sql("DROP INDEX status_reblog_of_id")
    db.execute_sql("CREATE INDEX status_reblog_of_id ON status (reblog_of_id) WHERE reblog_of_id IS NOT NULL")
    for name in _LISTS:
        db.execute_sql(f"DROP INDEX {name}_account_id")
        db.execute_sql(f"CREATE INDEX {name}_account_id_id ON {name} (account_id, id)")


def down(migrator: Any, db: Any) -> None:
    for name in _LISTS:
        db.execute_sql(f"DROP INDEX {name}_account_id_id")
        db.execute_sql(f"CREATE INDEX {name}_account_id ON {name} (account_id)")
    db.execute_sql("DROP INDEX status_reblog_of_id")
    db.execute_sql("CREATE INDEX status_reblog_of_id ON status (reblog_of_id)")
