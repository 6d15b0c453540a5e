"""The words of statuses, in the kind of index that each engine has: FTS5, or tsvector with GIN.

Which statuses are in it, and who may find them, is said by node/services/discovery/search.py.
"""

import re
from typing import Any

import peewee
from peewee import fn

from node.store import database, is_sqlite

MAX_WORDS = 16
MAX_INDEXED_CHARS = 20_000  # a tsvector ends at 1 MB; nobody searches the end of a book

_WORD = re.compile(r"\w+")

# SQLite keeps no copy of the words; a row is replaced as a whole.
_INDEX = {
    True: "INSERT OR REPLACE INTO status_search (rowid, words) VALUES (?, ?)",
    False: "INSERT INTO status_search (status_id, words) VALUES (%s, to_tsvector('simple', %s))"
    " ON CONFLICT (status_id) DO UPDATE SET words = excluded.words",
}
_REMOVE = {
    True: "DELETE FROM status_search WHERE rowid = ?",
    False: "DELETE FROM status_search WHERE status_id = %s",
}


def index(status_id: int, words: str) -> None:
    """Make a status findable by `words`, plain text; in place of what it was found by before."""
    database.execute_sql(_INDEX[is_sqlite()], (status_id, words[:MAX_INDEXED_CHARS]))


def remove(status_id: int) -> None:
    database.execute_sql(_REMOVE[is_sqlite()], (status_id,))


def words_of(text: str) -> list[str]:
    """What people look for: at most `MAX_WORDS` words, without any sign that an engine could take for an operator."""
    return _WORD.findall(text.lower())[:MAX_WORDS]


def matches(status_id: Any, words: list[str], *, begun: bool = True) -> Any:
    """The status has all `words`; with `begun` the last of them perhaps only begun."""
    if is_sqlite():
        table = peewee.Table("status_search")
        text = " ".join(f'"{word}"' for word in words) + ("*" if begun else "")
        return status_id.in_(table.select(peewee.SQL("rowid")).where(peewee.SQL("status_search MATCH ?", [text])))
    text = " & ".join(f"'{word}'" for word in words) + (":*" if begun else "")
    table = peewee.Table("status_search")
    query = peewee.Expression(table.c.words, "@@", fn.to_tsquery("simple", text))
    return status_id.in_(table.select(table.c.status_id).where(query))
