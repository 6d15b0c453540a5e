"""Collections and their pages (ActivityPub, 5). Their totals are what somebody says, their items only names.

Whoever walks one bounds the pages, the items and the time, and stops at a page seen before.
"""

from dataclasses import dataclass
from typing import Final

from federation.parse import as2
from federation.parse.as2 import BadActivity, Document

MAX_PAGE_ITEMS = 1_000

_TELLING: Final = frozenset({"Create", "Update", "Announce", "Add"})
_TYPES: Final = frozenset({"Collection", "OrderedCollection", "CollectionPage", "OrderedCollectionPage"})


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedItem:
    """`uri` is empty for an object without id. The body counts only if its own host served the collection."""

    uri: str
    embedded: Document | None = None

    @property
    def post_uri(self) -> str:
        """What is listed, or, of an activity that told of it (outboxes, FEP-f228), what that is about."""
        if self.embedded is not None and as2.type_of(self.embedded, _TELLING) in _TELLING:
            return as2.id_of(self.embedded.get("object"))
        return self.uri


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedCollection:
    """A collection, or a page of one. `first_uri` and `next_uri` are on its own host, or empty."""

    uri: str
    items: tuple[ParsedItem, ...] = ()
    total_items: int | None = None
    first_page: Document | None = None  # sent along within the collection
    first_uri: str = ""
    next_uri: str = ""
    part_of: str = ""


def parse_collection(document: Document, base_uri: str = "") -> ParsedCollection:
    """`base_uri` is where it was fetched, or what holds it, for pages without an id. Raises BadActivity."""
    if as2.type_of(document, _TYPES) not in _TYPES:
        raise BadActivity("type")
    uri = as2.uri(document.get("id"))
    base = base_uri or uri
    if not base or (uri and not as2.same_host(uri, base)):
        raise BadActivity("id")
    ordered = document.get("orderedItems")
    items = as2.many(document.get("items") if ordered is None else ordered, MAX_PAGE_ITEMS)
    first = document.get("first")
    page = as2.obj(first)
    return ParsedCollection(
        uri=uri,
        items=tuple(item for item in map(_item, items) if item is not None),
        total_items=as2.count(document.get("totalItems")),
        # A page with items is used as it is; a mere Link has to be followed.
        first_page=page if page is not None and as2.type_of(page, _TYPES) in _TYPES else None,
        first_uri=as2.own_id(first, base),
        next_uri=as2.own_id(document.get("next"), base),
        part_of=as2.own_id(document.get("partOf"), base),
    )


def _item(value: object) -> ParsedItem | None:
    uri = as2.id_of(value)
    if type(value) is dict:
        return ParsedItem(uri=uri, embedded=value)
    return ParsedItem(uri=uri) if uri else None
