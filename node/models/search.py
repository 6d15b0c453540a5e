"""The words of statuses, in the kind of index that each engine has: FTS5, or tsvector with GIN.

Which statuses are in it, and who may find them, is said by node/services/discovery/search.py.
"""

import re
from typing import Any

import peewee
from peewee import fn

from node.models.account import Account
from node.models.status import Status
from node.store import Prepared, database, is_sqlite, param

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


def text_of(words: list[str], *, begun: bool = True) -> str:
    """All `words` as the engine's index is asked for them; with `begun` the last of them perhaps only begun."""
    if is_sqlite():
        return " ".join(f'"{word}"' for word in words) + ("*" if begun and _may_be_begun(words[-1]) else "")
    return " & ".join(f"'{word}'" for word in words) + (":*" if begun else "")


def matches(status_id: Any, text: str) -> Any:
    """Whether the status is among those that hold `text`, as `text_of` gives it."""
    table = peewee.Table("status_search")
    return status_id.in_(table.select(_id(table)).where(_holds(table, text)))


def with_words(query: Any, text: Any) -> Any:
    """`query`, which selects from `Status` and its `Account`, of those alone that hold `text`; page it by `ORDER`."""
    # SQLite walks its index in order and only as far as a page needs, if it may begin there: so it is told to. Then come
    # status and author, in this order: where an author is named, it would ask for each status whether they may be seen.
    kind = peewee.JOIN.CROSS if is_sqlite() else peewee.JOIN.INNER
    status = _TABLE.join(Status, kind, on=(Status.id == _id(_TABLE)))
    return query.from_(status.join(Account, kind, on=(Account.id == Status.account))).where(_holds(_TABLE, text))


def order() -> Any:
    """The id of the status, as the engine's index has it."""
    return _id(_TABLE) if is_sqlite() else Status.id


_TABLE = peewee.Table("status_search")


def _id(table: Any) -> Any:
    return table.c.rowid if is_sqlite() else table.c.status_id


def _holds(table: Any, text: Any) -> Any:
    if is_sqlite():
        return peewee.Expression(table.c.status_search, "MATCH", text)
    return peewee.Expression(table.c.words, "@@", fn.to_tsquery("simple", text))


def _may_be_begun(word: str) -> bool:
    """Not if it is a frequent word as it stands, nor one or two letters of ours: too much begins with them.

    FTS5 gathers all that begins so before it gives the first, while whole words are walked as far as needed.
    """
    return not (word.isascii() and len(word) < _LEAST) and _FREQUENT.first(text=f'"{word}"') is None


_ENOUGH, _LEAST = 1_000, 3
_FREQUENT: Prepared[int] = Prepared(
    lambda: _TABLE.select(_TABLE.c.rowid).where(_holds(_TABLE, param("text"))).limit(1).offset(_ENOUGH), int
)
