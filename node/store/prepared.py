"""Queries whose SQL is built once.

Building a query and its rows through the ORM costs 10 to 20 times what SQLite needs to run it (docs/performance.md),
so hot paths write the query with peewee's expressions, once, with `param("name")` where a value goes:

    BY_URI = Prepared(lambda: Status.select(Status.id).where(Status.uri == param("uri")), tuple)
    BY_URI.first(uri="https://…")
"""

import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from operator import itemgetter
from typing import Any, Generic, TypeVar

import apsw
import peewee

from node.store.base import Slot, database, id_list

T = TypeVar("T")


def param(name: str) -> Any:
    """The place of a value in a prepared query."""
    return peewee.Value(Slot(name), converter=False, unpack=False)


class Prepared(Generic[T]):
    """`build` is called once per kind of engine; `into` takes a row's columns as positional arguments."""

    def __init__(self, build: Callable[[], Any], into: Callable[..., T]) -> None:
        self._build = build
        self._into = into
        self._engine: Any = None
        self._sql = ""
        self._arguments: Callable[[dict[str, Any]], tuple[Any, ...]] = _picked([])
        self._lists: frozenset[str] = frozenset()
        self._constants: dict[str, Any] = {}  # what the query itself holds, under names that no parameter has

    def all(self, **values: Any) -> list[T]:
        into = self._into
        return [into(*row) for row in self._execute(values).fetchall()]

    @contextmanager
    def walk(self, **values: Any) -> Iterator[Iterator[tuple[Any, ...]]]:
        """One row after the other, for whoever may want few of them: SQLite looks for no more than are taken.

        They are columns: whoever walks over hundreds makes something of a few.
        """
        with closing(self._execute(values)) as cursor:
            yield cursor

    def first(self, **values: Any) -> T | None:
        cursor = self._execute(values)
        row = cursor.fetchone()
        return None if row is None else self._into(*row)

    def run(self, **values: Any) -> Any:
        """Execute for effect; returns the cursor."""
        return self._execute(values)

    def _execute(self, values: dict[str, Any]) -> Any:
        db = database.obj
        if self._engine is not db.__class__:
            self._prepare(db)
        for name in self._lists:
            values[name] = id_list(values[name])
        return db.execute_sql(self._sql, self._arguments(values | self._constants))

    def _prepare(self, db: Any) -> None:
        sql, arguments = self._build().sql()
        if not isinstance(db, peewee.SqliteDatabase):
            sql, arguments = _spelt_out(sql, arguments)
        names = [a.name if isinstance(a, Slot) else f" {a.__class__.__name__} {a}" for a in arguments]
        self._constants = {name: a for name, a in zip(names, arguments, strict=True) if not isinstance(a, Slot)}
        if isinstance(db, peewee.SqliteDatabase) and sql.count("?") == len(arguments):
            sql, names = _numbered(_short(sql), names)
        self._lists = frozenset(a.name for a in arguments if isinstance(a, Slot) and a.is_list)
        self._sql, self._arguments, self._engine = sql, _picked(names), db.__class__


def _picked(names: list[str]) -> Callable[[dict[str, Any]], tuple[Any, ...]]:
    """Takes these values, in this order: in C, where there are several."""
    if not names:
        return lambda values: ()
    pick = itemgetter(*names)  # of one it takes that alone
    return pick if len(names) > 1 else lambda values: (pick(values),)


# A text, or a name in quotation marks.
_QUOTED = re.compile(r"""'[^']*'|"(\w+)"|, """)


def _short(sql: str) -> str:
    """Without quotation marks that are not needed: apsw finds a statement by its whole text, a microsecond for each kB."""

    def plain(found: re.Match[str]) -> str:
        name = found[1]
        if name is None:
            return found[0].rstrip(" ") if found[0] == ", " else found[0]
        return found[0] if name.upper() in apsw.keywords or not name.isascii() else name

    return _QUOTED.sub(plain, sql)


def _numbered(sql: str, names: list[str]) -> tuple[str, list[str]]:
    """Each value bound once, however often it is asked for: who reads is a dozen times in a question.

    SQLite prepares a statement anew for each execution when a bare value might change its plan (vdbe.c, `expmask`), which
    costs ten times the query. Behind a plus sign, which does nothing, it is no such value.
    """
    places = {name: f"+?{number}" for number, name in enumerate(dict.fromkeys(names), 1)}
    texts = sql.split("?")
    return texts[0] + "".join(places[name] + text for name, text in zip(names, texts[1:], strict=True)), list(places)


def _spelt_out(sql: str, arguments: list[Any]) -> tuple[str, list[Any]]:
    """What is always the same as a part of the text, where it is simple.

    PostgreSQL plans a statement that it has seen some times for any values: of a `local` that may be true or false it takes
    each for as frequent as the other, and reads all posts to find twenty from here.
    """
    texts = sql.split("%s")
    if len(texts) != len(arguments) + 1:
        return sql, arguments
    spelt, left = texts[0], []
    for argument, text in zip(arguments, texts[1:], strict=True):
        literal = _literal(argument)
        if literal is None:
            left.append(argument)
        spelt += (literal or "%s") + text
    return spelt, left


def _literal(value: Any) -> str | None:
    """None for what is better bound."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str) and value.isalnum() and value.isascii():
        return f"'{value}'"
    return None
