"""Collections and their pages (ActivityPub, 5)."""

from typing import Any

from federation.render.context import Kind, context

Document = dict[str, Any]


def collection(kind: str, uri: str, *, of: Kind = "activity", **members: Any) -> Document:
    """`of` is the kind of what stands in it whole; ids need no terms. What is None is left out."""
    whole = {"@context": context(of), "id": uri, "type": kind} | members
    return {name: value for name, value in whole.items() if value is not None}


def page(kind: str, uri: str, items: list[Any], *, next_uri: str | None, of: Kind = "activity") -> Document:
    """A page of `kind`, at `uri`, whose collection is the same address without its query."""
    name = "orderedItems" if kind.startswith("Ordered") else "items"
    members = {"partOf": uri.partition("?")[0], "next": next_uri, name: items}
    return collection(f"{kind}Page", uri, of=of, **members)


def inlined(document: Document) -> Document:
    """As it stands inside of another one."""
    return {name: value for name, value in document.items() if name != "@context"}
