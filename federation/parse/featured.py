"""Collections of accounts (FEP-7aa9), and who is said to be in them."""

from dataclasses import dataclass

from federation.parse import as2
from federation.parse.as2 import BadActivity, Document
from federation.parse.tag import parse_tags

COLLECTION = "FeaturedCollection"
ITEM = "FeaturedItem"
STAMP = "FeatureAuthorization"

MAX_NAME = 256
MAX_DESCRIPTION = 2_048
MAX_MEMBERS = 150


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedMember:
    """One that was named by its id alone has no account: it is to be fetched."""

    uri: str
    account_uri: str = ""
    stamp_uri: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedFeatured:
    """Name and description may be HTML and are not sanitised. The owner lives on the host of the collection."""

    uri: str
    owner_uri: str
    url: str = ""
    name: str = ""
    description: str = ""
    language: str = ""
    sensitive: bool = False
    discoverable: bool = False
    hashtag: str = ""
    published_at: int | None = None
    updated_at: int | None = None
    members: tuple[ParsedMember, ...] = ()


def parse_featured(document: Document) -> ParsedFeatured:
    """Raises BadActivity for what is no such collection, or is not its owner's."""
    uri = as2.uri(document.get("id"))
    owner = as2.own_id(document.get("attributedTo"), uri) if uri else ""
    if as2.type_of(document, (COLLECTION,)) != COLLECTION:
        raise BadActivity("type")
    if not owner:
        raise BadActivity("id")
    languages = as2.languages(document, "summary")
    listed = document.get("orderedItems")
    items = as2.many(document.get("items") if listed is None else listed, MAX_MEMBERS)
    return ParsedFeatured(
        uri=uri,
        owner_uri=owner,
        url=as2.page_of(document.get("url")),
        name=as2.natural(document, "name", MAX_NAME),
        description=as2.natural(document, "summary", MAX_DESCRIPTION),
        language=next((code[:20] for code, text in languages.items() if text), ""),
        sensitive=as2.flag(document.get("sensitive")),
        discoverable=as2.flag(document.get("discoverable")),
        hashtag=next(iter(parse_tags(document.get("topic")).hashtags), ""),
        published_at=as2.past_ms(document.get("published")),
        updated_at=as2.past_ms(document.get("updated")),
        members=tuple(member for item in items if (member := parse_member(item, uri)) is not None),
    )


def parse_member(item: object, collection_uri: str) -> ParsedMember | None:
    """None for what does not lie on the host of its collection, or features nothing."""
    uri = as2.own_id(item, collection_uri)
    if not uri or type(item) is not dict:
        return ParsedMember(uri=uri) if uri else None
    account = as2.id_of(item.get("featuredObject"))
    if as2.type_of(item, (ITEM,)) != ITEM or not account:
        return None
    return ParsedMember(uri=uri, account_uri=account, stamp_uri=as2.id_of(item.get("featureAuthorization")))
