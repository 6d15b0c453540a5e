"""Fits what clients send to the types of a struct: `"false"` to a bool, `{"0": …}` to a list, `7` to a text.

A shape only moves values into the form that msgspec checks. It never refuses: what it cannot fit, it leaves alone.
"""

from collections.abc import Callable
from typing import Any

from msgspec import inspect

Shape = Callable[[Any], Any]

ABSENT = object()

_YES = ("1", "t", "true", "on", "y", "yes")
_NO = ("0", "f", "false", "off", "n", "no")
_WORDS = dict.fromkeys(_YES, True) | dict.fromkeys(_NO, False)
_MUCH = 1 << 31
_LISTS = (inspect.ListType, inspect.SetType, inspect.FrozenSetType, inspect.VarTupleType)


_known: dict[type, Shape] = {}


def shape_of(into: type) -> Shape:
    """Made once for each struct."""
    shape = _known.get(into)
    if shape is None:
        shape = _known[into] = _shape(inspect.type_info(into))
    return shape


def _shape(kind: inspect.Type) -> Shape:
    if isinstance(kind, inspect.Metadata):
        return _limit if kind.extra is not None and "is_limit" in kind.extra else _shape(kind.type)
    if isinstance(kind, inspect.UnionType):
        kinds = [each for each in kind.types if not isinstance(each, inspect.NoneType)]
        return _shape(kinds[0]) if len(kinds) == 1 else _as_it_is
    if isinstance(kind, inspect.StructType):
        return _struct({field.encode_name: _shape(field.type) for field in kind.fields})
    if isinstance(kind, _LISTS):
        return _list(_shape(kind.item_type))
    if isinstance(kind, inspect.BoolType):
        return _bool
    if isinstance(kind, inspect.StrType):
        return _text
    if isinstance(kind, inspect.CustomType):
        return _custom
    return _filled


def _struct(shapes: dict[str, Shape]) -> Shape:
    def fit(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        fitted = {}
        for name, shape in shapes.items():
            if name in value:
                item = shape(value[name])
                if item is not ABSENT:
                    fitted[name] = item
        return fitted

    return fit


def _list(shape: Shape) -> Shape:
    def fit(value: Any) -> Any:
        if value is None:
            return ABSENT
        if isinstance(value, dict) and all(key.isascii() and key.isdigit() and len(key) < 10 for key in value):
            value = [value[key] for key in sorted(value, key=int)]
        elif not isinstance(value, list):
            value = [value]
        # Forms send one empty value to say that a list is empty.
        return [item for item in map(shape, value) if item is not ABSENT and item != ""]

    return fit


def _bool(value: Any) -> Any:
    if isinstance(value, str):
        return ABSENT if value == "" else _WORDS.get(value.lower(), value)
    return ABSENT if value is None else value


def _text(value: Any) -> Any:
    if value is None:
        return ABSENT
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _limit(value: Any) -> Any:
    """Of text, a number that is small enough; whoever reads it moves it to the nearest bound of the list."""
    text = str(min(value, _MUCH)) if isinstance(value, int) else value
    if not isinstance(text, str) or not text.isascii() or not text.isdigit():
        return ABSENT
    return int(text) if len(text) < 10 else _MUCH


def _filled(value: Any) -> Any:
    """Numbers, enumerations: an empty text says nothing."""
    return ABSENT if value is None or value == "" else value


def _custom(value: Any) -> Any:
    """Uploads: a text in place of a file, and a file without content, say nothing."""
    return value if value is not None and not isinstance(value, str) and value else ABSENT


def _as_it_is(value: Any) -> Any:
    return ABSENT if value is None else value
