"""An index of the words in shown names: looking for people read all of them."""

from typing import Any

from peewee import SqliteDatabase

# Each engine has its own kind of index for words (node/models/name_search.py asks it).
_FORWARD = {
    True: (
        """
        CREATE VIRTUAL TABLE account_search
        USING fts5(words, content='', contentless_delete=1, prefix='1 2', tokenize='unicode61 remove_diacritics 2')
        """,
        "INSERT INTO account_search (rowid, words) SELECT id, display_name FROM account WHERE display_name <> ''",
        """
        CREATE TRIGGER account_search_new AFTER INSERT ON account WHEN new.display_name <> ''
        BEGIN INSERT INTO account_search (rowid, words) VALUES (new.id, new.display_name); END
        """,
        """
        CREATE TRIGGER account_search_changed AFTER UPDATE OF display_name ON account
        WHEN new.display_name <> old.display_name
        BEGIN
            DELETE FROM account_search WHERE rowid = old.id;
            INSERT INTO account_search (rowid, words) VALUES (new.id, new.display_name);
        END
        """,
        """
        CREATE TRIGGER account_search_gone AFTER DELETE ON account
        BEGIN DELETE FROM account_search WHERE rowid = old.id; END
        """,
    ),
    False: ("CREATE INDEX account_search ON account USING gin (to_tsvector('simple', display_name))",),
}
_BACK = {
    True: (
        "DROP TRIGGER account_search_gone",
        "DROP TRIGGER account_search_changed",
        "DROP TRIGGER account_search_new",
        "DROP TABLE account_search",
    ),
    False: ("DROP INDEX account_search",),
}


def up(migrator: Any, db: Any) -> None:
    for statement in _FORWARD[isinstance(db, SqliteDatabase)]:
        db.execute_sql(statement)


def down(migrator: Any, db: Any) -> None:
    for statement in _BACK[isinstance(db, SqliteDatabase)]:
        db.execute_sql(statement)
