"""Whom a document is addressed to, and what that makes it (FEDERATION.md, Objects)."""

from dataclasses import dataclass

from federation.parse import as2
from federation.parse.as2 import PUBLIC, PUBLIC_SPELLINGS, Document
from node.models import Visibility

_WIDTH = {Visibility.DIRECT: 0, Visibility.PRIVATE: 1, Visibility.UNLISTED: 2, Visibility.PUBLIC: 3}


@dataclass(frozen=True, slots=True)
class Audience:
    """`to` and `cc`, Public always as the full IRI. `audience` (Lemmy, Mbin) counts as `cc`, but is never Public."""

    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.to or self.cc)

    @property
    def is_public(self) -> bool:
        return PUBLIC in self.to or PUBLIC in self.cc

    def visibility(self, followers_uri: str) -> Visibility:
        """`followers_uri` is the author's own collection: that of anybody else gives nobody access."""
        if PUBLIC in self.to:
            return Visibility.PUBLIC
        if PUBLIC in self.cc:
            return Visibility.UNLISTED
        return Visibility.PRIVATE if self.includes(followers_uri) else Visibility.DIRECT

    def includes(self, uri: str) -> bool:
        return bool(uri) and (uri in self.to or uri in self.cc)

    def named(self, followers_uri: str) -> tuple[str, ...]:
        """Everybody addressed by their own uri (and collections of others, which only a fetch can tell apart)."""
        return tuple(dict.fromkeys(uri for uri in self.to + self.cc if uri not in (PUBLIC, followers_uri)))


NOBODY = Audience()


def visibility_of(inner: Audience, outer: Audience, followers_uri: str) -> Visibility:
    """Of an object and the activity around it: the object decides, unless the activity is narrower about Public."""
    if not inner:
        return outer.visibility(followers_uri)
    visibility = inner.visibility(followers_uri)
    if not outer or not inner.is_public:
        return visibility
    return min(visibility, outer.visibility(followers_uri), key=_WIDTH.__getitem__)


def parse_audience(document: Document) -> Audience:
    cc = parse_addresses(document.get("cc"))
    group = document.get("audience")
    if group is not None:
        cc = tuple(dict.fromkeys((*cc, *(uri for uri in as2.ids_of(group, 50) if uri != PUBLIC))))
    return Audience(parse_addresses(document.get("to")), cc)


def parse_addresses(value: object) -> tuple[str, ...]:
    """Addresses, each once, Public in its full spelling; what is no address is left out."""
    found: dict[str, None] = {}
    for item in as2.many(value):
        name = PUBLIC if type(item) is str and item in PUBLIC_SPELLINGS else as2.id_of(item)
        if name:
            found[name] = None
    return tuple(found)
