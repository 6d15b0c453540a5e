"""Tolerant access to untrusted ActivityStreams JSON: every property may be text, an object, a list, null or nonsense.

An accessor answers with what it understood, or with the empty value of its type. Only `BadActivity` is ever raised,
by those who cannot do without a value. JSON-LD is not processed: `@id`, `@graph` and redefined terms mean nothing here, and
`@context` is not looked at. What a document is its media type says, or who signed it (ActivityStreams 2.0, section 2.1).
"""

from collections.abc import Container
from functools import lru_cache
from typing import Any, Final

from federation import uris
from node import clock
from node.errors import BadInput

Document = dict[str, Any]

ACTIVITYSTREAMS: Final = "https://www.w3.org/ns/activitystreams"
PUBLIC: Final = f"{ACTIVITYSTREAMS}#Public"
PUBLIC_SPELLINGS: Final = frozenset({PUBLIC, "as:Public", "Public"})

# What is more is cut off.
MAX_TEXT = 200_000
MAX_NAME = 2_048
MAX_ITEMS = 1_000
MAX_COUNT = 2**31 - 1

_MAX_TYPES = 10


class BadActivity(BadInput):
    """A document that cannot be understood. `reason` is one of a few short words, for counting."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"This document cannot be understood ({reason}).")
        self.reason = reason


# ── one or many ────────────────────────────────────────────────────────────────────────────────────────────────────


def many(value: object, limit: int = MAX_ITEMS) -> list[Any]:
    """The items of a property that may hold one or several; nulls are left out, and so is what exceeds `limit`."""
    if type(value) is list:
        items = value if len(value) <= limit else value[:limit]
        return [item for item in items if item is not None] if None in items else items
    return [] if value is None else [value]


def one(value: object) -> Any:
    """The first of what may be several, or None."""
    if type(value) is not list:
        return value
    return next((item for item in value[:MAX_ITEMS] if item is not None), None)


def obj(value: object) -> Document | None:
    """The object that the property is or begins with, or None."""
    item = one(value)
    return item if type(item) is dict else None


# ── addresses ──────────────────────────────────────────────────────────────────────────────────────────────────────


def uri(value: object) -> str:
    """`value` if it is an acceptable address by itself (`bear:`, `ap:` and `did:` are none), or nothing."""
    return value if type(value) is str and uris.split(value) is not None else ""


def id_of(value: object) -> str:
    """What a property names: text, an object with `id`, a Link with `href`, or a list that begins with one."""
    if value is None or type(value) is str:
        return uri(value)
    item = one(value)
    if type(item) is dict:
        return uri(item.get("id")) or uri(item.get("href"))
    return uri(item)


def ids_of(value: object, limit: int = MAX_ITEMS) -> tuple[str, ...]:
    """All that a property names, each once, in order."""
    return tuple(dict.fromkeys(name for item in many(value, limit) if (name := id_of(item))))


def same_host(one_uri: str, other_uri: str) -> bool:
    """Of two acceptable addresses."""
    host = uris.host_of(one_uri)
    return host is not None and host == uris.host_of(other_uri)


def own_id(value: object, owner: str) -> str:
    """What a property names, if it lies on its owner's host: nobody speaks for another one."""
    name = id_of(value)
    return name if name and same_host(name, owner) else ""


def page_of(value: object) -> str:
    """The web page among the addresses in `url`: text, a Link, or a list of them."""
    if type(value) is str:
        return uri(value)
    pages = [(link_type(item), link_href(item)) for item in many(value, 50)]
    for wanted in ("text/html", ""):
        for kind, href in pages:
            if href and kind == wanted:
                return href
    return ""


def link_href(item: object) -> str:
    return uri(item.get("href")) or uri(item.get("url")) if type(item) is dict else uri(item)


def link_type(item: object) -> str:
    """The media type of a Link, in lower case and without parameters."""
    kind = item.get("mediaType") if type(item) is dict else None
    return kind[:200].partition(";")[0].strip().lower() if type(kind) is str else ""


# ── text ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def text(value: object, limit: int = MAX_NAME) -> str:
    return value[:limit] if type(value) is str else ""


def natural(document: Document, name: str, limit: int = MAX_NAME) -> str:
    """The text of a property, or the first text of its map of languages (vocabulary, section 4.7)."""
    value = document.get(name)
    if type(value) is str and value:
        return value[:limit]
    if f"{name}Map" not in document:
        return ""
    return next((string[:limit] for string in languages(document, name).values() if string), "")


def languages(document: Document, name: str) -> dict[str, str]:
    """The map of languages of a property: `contentMap` for `content`."""
    value = document.get(f"{name}Map")
    if type(value) is not dict or len(value) > MAX_ITEMS:
        return {}
    return {code: string for code, string in value.items() if type(string) is str}


def type_of(document: Document, known: Container[str] = ()) -> str:
    """The type; of several the first that is `known`, else the first. Nothing if there is none."""
    kind = document.get("type")
    if type(kind) is not list:
        return text(kind, 256)
    names = [name[:256] for name in kind[:_MAX_TYPES] if type(name) is str]
    return next((name for name in names if name in known), names[0] if names else "")


# ── numbers, flags, times ──────────────────────────────────────────────────────────────────────────────────────────


def count(value: object) -> int | None:
    """A number of things that a stranger claims, clamped to what a column holds; None if it is no number."""
    if type(value) is float and value == value and abs(value) < 1e15:
        value = int(value)
    return min(max(value, 0), MAX_COUNT) if type(value) is int else None


def total_of(value: object) -> int | None:
    """`totalItems` of a collection that stands inside a document."""
    return count(value.get("totalItems")) if type(value) is dict else None


def flag(value: object) -> bool:
    return value is True


# An activity and its object mostly tell the same time.
_parsed = lru_cache(256)(clock.parse_iso)


def past_ms(value: object) -> int | None:
    """A time that cannot lie in the future, in unix milliseconds; None if it is none."""
    if type(value) is not str or len(value) > 40 or (at := _parsed(value)) is None:
        return None
    now = clock.now_ms()
    return at if at < now else now
