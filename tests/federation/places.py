"""The places of a JSON document, each of which may hold anything."""

from typing import Any

from federation.parse.as2 import Document


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every member and item of a document."""
    found: list[tuple[Any, ...]] = [path] if path else []
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in members:
        found += places(item, (*path, key))
    return found


def holder_of(document: Document, path: tuple[Any, ...]) -> tuple[Any, Any]:
    """The object or list that holds the place, and the place's key in it."""
    holder: Any = document
    for key in path[:-1]:
        holder = holder[key]
    return holder, path[-1]
