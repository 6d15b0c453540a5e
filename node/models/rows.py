"""Whole rows of a model, in and out, by prepared queries: what hot paths use in place of `create` and `get`."""

from collections.abc import Callable
from typing import Any

import peewee

from node.store import Prepared, param


def columns(model: Any) -> list[Any]:
    """Every column of `model` (or of an alias of it), in the order that `row_of` reads."""
    fields = getattr(model, "model", model)._meta.sorted_fields
    return [getattr(model, field.name) for field in fields]


def row_of(model: Any) -> Callable[..., Any]:
    """Makes an instance of `model` from the values of `columns(model)`, without the price of its constructor."""
    fields = model._meta.sorted_fields
    names = [field.name for field in fields]
    switches = [field.name for field in fields if isinstance(field, peewee.BooleanField)]

    def make(*values: Any) -> Any:
        data = dict(zip(names, values, strict=True))
        for name in switches:
            data[name] = bool(data[name])
        return instance(model, data)

    return make


def instance(model: Any, data: dict[str, Any]) -> Any:
    """An instance of `model` that holds `data`, a value for each of its columns."""
    row = model.__new__(model)
    row.__dict__.update(__data__=data, __rel__={}, _dirty=set())
    return row


def rows_of(*models: Any) -> Callable[..., Any]:
    """The same for a row that holds the columns of several models, one after the other: a tuple of instances."""
    makers, end = [], 0
    for model in models:
        start, end = end, end + len(columns(model))
        makers.append((row_of(model), slice(start, end)))

    def make(*values: Any) -> tuple[Any, ...]:
        return tuple(maker(*values[part]) for maker, part in makers)

    return make


class Insert:
    """`INSERT` of one row. What is left out takes the model's default.

    With `ignore`, a row that a unique key refuses is left as it is, and `run` says whether there is a new one. With
    `ignore_on` that is so for the key of these columns alone; what another key refuses is an error.
    """

    def __init__(self, model: Any, *, ignore: bool = False, ignore_on: tuple[Any, ...] = ()) -> None:
        fields = model._meta.sorted_fields
        self._model = model
        self._defaults = {f.name: f.default for f in fields if not callable(f.default)}
        self._made = {f.name: f.default for f in fields if callable(f.default)}
        self._ignore = ignore or bool(ignore_on)

        def build() -> Any:
            query = model.insert({field: param(field.name) for field in fields})
            if ignore_on:
                query = query.on_conflict(action="nothing", conflict_target=ignore_on)
            elif ignore:
                query = query.on_conflict_ignore()
            return query.returning(fields[0]) if self._ignore else query

        self._query: Prepared[tuple[Any, ...]] = Prepared(build, lambda *row: row)

    def run(self, **values: Any) -> bool:
        return self._run(self._complete(values))

    def make(self, values: dict[str, Any]) -> Any:
        """The same, and the row as an instance of the model; None where there is none."""
        complete = self._complete(values)
        return instance(self._model, complete) if self._run(complete) else None

    def _complete(self, values: dict[str, Any]) -> dict[str, Any]:
        complete = self._defaults | values
        for name, default in self._made.items():
            if name not in complete:
                complete[name] = default()
        return complete

    def _run(self, complete: dict[str, Any]) -> bool:
        if self._ignore:
            return bool(self._query.all(**complete))
        self._query.run(**complete)
        return True
