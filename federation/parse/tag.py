"""`tag`: who is mentioned, hashtags, custom emoji, collections of accounts, and the Link by which some mark a quote.

docs/conformance.md
"""

import re
from dataclasses import dataclass
from typing import Final

from federation.parse import as2
from federation.parse.as2 import Document
from federation.parse.picture import parse_picture
from node import clock
from node.text.tokens import hashtag_key, hashtag_name

MAX_TAGS = 200
MAX_OBJECTS = 20
MAX_COLLECTIONS = 5
MAX_MENTIONS = 50  # more than these are spam: the rest is text

# Forks of Misskey write dots, dashes and the emoji's host into it; HTML and blanks never belong there.
_SHORTCODE = re.compile(r"[\w.@+-]{1,2047}")

_KINDS: Final = frozenset({"Mention", "Hashtag", "Emoji", "Link", "FeaturedCollection"})
MISSKEY_QUOTE: Final = "https://misskey-hub.net/ns#_misskey_quote"
_QUOTE_RELATIONS: Final = frozenset(
    {
        MISSKEY_QUOTE,
        "http://fedibird.com/ns#quoteUri",
        "https://w3id.org/fep/044f#quote",
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedMention:
    """`uri` is empty where only a name was given (GoToSocial allows that)."""

    uri: str = ""
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedEmoji:
    """`shortcode` without colons, as it stands in the text; `updated_at` is 0 when it was not told."""

    shortcode: str
    image_url: str
    uri: str = ""
    updated_at: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedObjectLink:
    """Something that the text speaks of; `name` is what stands there for it (FEP-e232)."""

    uri: str
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedTags:
    """`hashtags` are names without `#`, each once in any spelling."""

    mentions: tuple[ParsedMention, ...] = ()
    hashtags: tuple[str, ...] = ()
    emoji: tuple[ParsedEmoji, ...] = ()
    quote_uri: str = ""
    objects: tuple["ParsedObjectLink", ...] = ()
    collections: tuple[str, ...] = ()  # uris


NO_TAGS = ParsedTags()


def parse_tags(value: object) -> ParsedTags:
    """Of a list or a single object. What is of no known type, or without sense, is left out."""
    items = as2.many(value, MAX_TAGS)
    if not items:
        return NO_TAGS
    mentions: dict[str, ParsedMention] = {}
    hashtags: dict[str, str] = {}
    emoji: dict[str, ParsedEmoji] = {}
    quotes: list[str] = []
    objects: dict[str, ParsedObjectLink] = {}
    collections: dict[str, None] = {}
    for item in items:
        if type(item) is not dict:
            continue
        kind = as2.type_of(item, _KINDS)
        if kind == "Mention":
            _add_mention(item, mentions)
        elif kind == "Hashtag":
            _add_hashtag(item, hashtags)
        elif kind == "Emoji":
            _add_emoji(item, emoji)
        elif kind == "Link":
            _add_link(item, quotes, objects)
        elif kind == "FeaturedCollection" and (uri := as2.uri(item.get("id"))):
            collections[uri] = None
    return ParsedTags(
        mentions=tuple(mentions.values()),
        hashtags=tuple(hashtags.values()),
        emoji=tuple(emoji.values()),
        quote_uri=quotes[0] if quotes else "",
        objects=tuple(objects.values()),
        collections=tuple(collections)[:MAX_COLLECTIONS],
    )


def _add_mention(item: Document, mentions: dict[str, ParsedMention]) -> None:
    uri, name = as2.uri(item.get("href")), as2.text(item.get("name"))
    if (uri or name) and len(mentions) < MAX_MENTIONS:
        mentions.setdefault(uri or name, ParsedMention(uri=uri, name=name))


def _add_hashtag(item: Document, hashtags: dict[str, str]) -> None:
    written = as2.text(item.get("name"))
    name = hashtag_name(written) if written else None
    if name is not None:
        hashtags.setdefault(hashtag_key(name), name)


def _add_emoji(item: Document, emoji: dict[str, ParsedEmoji]) -> None:
    name = item.get("name")
    if type(name) is not str or len(name) > as2.MAX_NAME:
        return
    shortcode = name.strip(": ")
    picture = parse_picture(item.get("icon"))
    if not picture.url or not _SHORTCODE.fullmatch(shortcode):
        return
    updated_at = clock.parse_iso(item.get("updated")) or 0
    found = ParsedEmoji(
        shortcode=shortcode, image_url=picture.url, uri=as2.uri(item.get("id")), updated_at=updated_at
    )
    emoji.setdefault(shortcode, found)


def _add_link(item: Document, quotes: list[str], objects: dict[str, ParsedObjectLink]) -> None:
    """FEP-e232: some relations are quotes; other Links only point at objects that the text speaks of."""
    relations = as2.many(item.get("rel"), 20)
    href = as2.uri(item.get("href"))
    if not href:
        return
    if any(type(relation) is str and relation in _QUOTE_RELATIONS for relation in relations):
        quotes.append(href)
    elif _is_object(as2.text(item.get("mediaType"), 200)) and len(objects) < MAX_OBJECTS:
        objects.setdefault(href, ParsedObjectLink(uri=href, name=as2.text(item.get("name"), as2.MAX_NAME)))


def _is_object(media_type: str) -> bool:
    kind = media_type.partition(";")[0].strip().lower()
    return kind == "application/activity+json" or (
        kind == "application/ld+json" and as2.ACTIVITYSTREAMS in media_type
    )
