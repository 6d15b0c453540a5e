"""Rails' way of writing structure into names: `poll[options][]=a`, `fields_attributes[0][name]=b`."""

import re
from collections.abc import Iterable
from typing import Any

from node.errors import BadInput
from node.speech import said

_NAME = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])+)")
_PART = re.compile(r"\[([^\[\]]*)\]")
_MAX_PARTS = 10
_MAX_NAME_CHARS = 500


def nested(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """`a[b][]=1` as `{"a": {"b": ["1"]}}`; of a plain name given twice, the last counts."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        if "[" in name:
            _insert(tree, _path(name), value)
        else:
            _insert(tree, [name], value)
    return tree


def _path(name: str) -> list[str]:
    """The parts of a name; an empty one is the next place of a list."""
    match = _NAME.fullmatch(name) if len(name) <= _MAX_NAME_CHARS else None
    if match is None:
        return [name]
    parts = [match[1], *_PART.findall(match[2])]
    if len(parts) > _MAX_PARTS:
        raise BadInput("The parameters are nested too deeply.")
    return parts


def _insert(node: dict[str, Any], path: list[str], value: Any) -> None:
    key, rest = path[0], path[1:]
    if not rest:
        if isinstance(node.get(key), dict | list):
            raise _conflict(key)
        node[key] = value
    elif rest[0] == "":
        _append(_child(node, key, list), rest[1:], value)
    else:
        _insert(_child(node, key, dict), rest, value)


def _append(items: list[Any], path: list[str], value: Any) -> None:
    """`a[][b]=1&a[][c]=2&a[][b]=3` are two entries: a name that comes again begins the next.

    A list in a list, `a[][]`, is the list: Mastodon.py writes so where it means `a[]`, and Mastodon takes it.
    """
    if path and path[0] == "":
        _append(items, path[1:], value)
        return
    if not path:
        items.append(value)
        return
    last = items[-1] if items else None
    if not isinstance(last, dict) or (len(path) == 1 and path[0] in last):
        last = {}
        items.append(last)
    _insert(last, path, value)


def _child(node: dict[str, Any], key: str, kind: type) -> Any:
    child = node.setdefault(key, kind())
    if not isinstance(child, kind):
        raise _conflict(key)
    return child


def _conflict(key: str) -> BadInput:
    return BadInput(said("The parameter %(key)s is given in two ways that do not go together.", key=key))
