"""The base of every model, and what the two engines' SQL differs in."""

from typing import Any

import peewee

from node import ids

database = peewee.DatabaseProxy()


class BaseModel(peewee.Model):
    """A row with a time-ordered id."""

    id = peewee.BigIntegerField(primary_key=True, default=ids.new_id)

    class Meta:
        database = database
        legacy_table_names = False


class Slot:
    """The place of a value in a prepared query."""

    __slots__ = ("is_list", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_list = False


def reference(model: Any, **options: Any) -> Any:
    """A foreign key that never loads its row behind your back: `status.account` is its id, as is `account_id`."""
    options.setdefault("on_delete", "CASCADE")
    return peewee.ForeignKeyField(model, lazy_load=False, **options)


def in_ids(column: peewee.Node, values: Any) -> peewee.Expression:
    """`column` is one of `values`: a list of ids, or a `param(...)`, bound as one so that the SQL stays the same."""
    if isinstance(values, list | tuple):
        values = id_list(values)
    bound = values if isinstance(values, peewee.Value) else peewee.Value(values, converter=False, unpack=False)
    if isinstance(bound.value, Slot):
        bound.value.is_list = True
    if isinstance(database.obj, peewee.SqliteDatabase):
        each = (peewee.SQL("(SELECT value FROM json_each("), bound, peewee.SQL("))"))
        return peewee.Expression(column, peewee.OP.IN, peewee.NodeList(each, glue=""))
    return peewee.Expression(column, "=", peewee.fn.ANY(bound))


def id_list(values: "list[int] | tuple[int, ...]") -> Any:
    """A list of ids in the form that the engine binds."""
    if isinstance(database.obj, peewee.SqliteDatabase):
        return "[" + ",".join(map(str, values)) + "]"
    return list(values)
