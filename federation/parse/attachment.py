"""Media of a post, and the pages that it links to (FEDERATION.md, Links)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Final

from federation.parse import as2
from federation.parse.as2 import Document
from federation.parse.picture import NO_PICTURE, ParsedPicture, description_of, file_of, parse_picture
from node.media.blurhash import is_blurhash

MAX_ATTACHMENTS = 16
MAX_MEDIA_BYTES = 100 * 1024 * 1024
_MAX_PIXELS = 100_000
_MAX_DURATION_SECONDS = 1_000_000.0

_TYPES: Final = {"Document": "unknown", "Image": "image", "Video": "video", "Audio": "audio"}
_KINDS: Final = frozenset({"image", "video", "audio"})
_MIME = re.compile(r"[a-z]{1,20}/[a-z0-9.+-]{1,100}", re.ASCII)
_DURATION = re.compile(r"P(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?)?", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedAttachment:
    """One file. `kind` is image, video, audio or unknown, and says what the peer claims, not what it is."""

    url: str
    kind: str = "unknown"
    mime: str = ""
    description: str = ""
    blurhash: str = ""
    focus: tuple[float, float] | None = None
    width: int | None = None
    height: int | None = None
    duration_seconds: float | None = None
    thumbnail_url: str = ""
    sensitive: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedAttachments:
    media: tuple[ParsedAttachment, ...] = ()
    links: tuple["ParsedLink", ...] = ()  # Lemmy's Link is the page that a post is about, not a file


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedLink:
    """A page, and what the sender says of it (FEP-8967): plain text or HTML, not cleaned; empty is nothing."""

    href: str
    title: str = ""
    description: str = ""
    image: ParsedPicture = NO_PICTURE
    author_name: str = ""


NO_ATTACHMENTS = ParsedAttachments()


def parse_attachments(value: object) -> ParsedAttachments:
    """Of a list or a single object (Owncast). What is neither file nor link is left out."""
    items = as2.many(value)
    if not items:
        return NO_ATTACHMENTS
    media: list[ParsedAttachment] = []
    links: list[ParsedLink] = []
    for item in items:
        if type(item) is not dict:
            continue
        kind = as2.type_of(item, _TYPES)
        if kind == "Link":
            links.append(_link(item))
        elif kind in _TYPES and len(media) < MAX_ATTACHMENTS:
            attachment = _attachment(item, _TYPES[kind], file_of(item.get("url")))
            if attachment is not None:
                media.append(attachment)
    return ParsedAttachments(media=tuple(media), links=tuple(one for one in links[:MAX_ATTACHMENTS] if one.href))


def _link(item: Document) -> ParsedLink:
    """What is said of the page stands in the Link itself or in its `preview` (vocabulary, section 4)."""
    preview = as2.obj(item.get("preview")) or {}
    writer = as2.obj(preview.get("attributedTo")) or {}
    pictures = (parse_picture(one.get(name)) for one in (preview, item) for name in ("image", "icon"))
    return ParsedLink(
        href=as2.link_href(item),
        title=as2.natural(preview, "name") or as2.natural(item, "name"),
        description=as2.natural(preview, "summary")
        or as2.natural(preview, "content")
        or as2.natural(item, "summary"),
        image=next((picture for picture in pictures if picture.url), NO_PICTURE),
        author_name=as2.natural(writer, "name"),
    )


def parse_own_file(document: Document, kind: str) -> ParsedAttachment | None:
    """The file that a Video, Audio or Image object itself is: of PeerTube's many links the first that is not too big."""
    wanted = _TYPES.get(kind, "unknown")
    if wanted == "unknown":
        return None
    link = next(_files(document, wanted), None)
    if link is None:
        return None
    of_file = {name: link.get(name, document.get(name)) for name in ("mediaType", "width", "height")}
    return _attachment(document | of_file, wanted, as2.link_href(link))


def _files(document: Document, wanted: str) -> Iterator[Document]:
    """Links to files of a kind, also those within the playlist of a stream; an address alone is of the object's type."""
    for link in as2.many(document.get("url"), 50):
        if type(link) is not dict:
            link = {"href": link, "mediaType": document.get("mediaType")}
        for candidate in (link, *as2.many(link.get("tag"), 50)):
            if type(candidate) is dict and as2.link_href(candidate) and _is_file(candidate, wanted):
                yield candidate


def _is_file(link: Document, wanted: str) -> bool:
    mime = as2.link_type(link)
    size = as2.count(link.get("size")) or 0
    # Only this format plays in every browser.
    return (mime == "video/mp4" if wanted == "video" else mime.startswith(wanted + "/")) and size <= MAX_MEDIA_BYTES


def _attachment(item: Document, kind: str, url: str) -> ParsedAttachment | None:
    if not url:
        return None
    stated = as2.link_type(item)
    major = stated.partition("/")[0]
    blurhash = item.get("blurhash")
    return ParsedAttachment(
        url=url,
        # Some state a bare `image` for a type, most call everything a Document.
        kind=major if major in _KINDS else kind,
        mime=stated if _MIME.fullmatch(stated) else "",
        description=description_of(item),
        blurhash=blurhash if type(blurhash) is str and is_blurhash(blurhash) else "",
        focus=_focus(item.get("focalPoint")),
        width=_pixels(item.get("width")),
        height=_pixels(item.get("height")),
        duration_seconds=_seconds(item.get("duration")),
        thumbnail_url=parse_picture(item.get("icon")).url,
        sensitive=as2.flag(item.get("sensitive")),
    )


def _pixels(value: object) -> int | None:
    number = as2.count(value)
    return number if number is not None and 0 < number <= _MAX_PIXELS else None


def _focus(value: object) -> tuple[float, float] | None:
    """A point dropped rather than clamped: what lies outside was never meant as one."""
    if type(value) is not list or len(value) != 2:
        return None
    x, y = value
    if type(x) not in (int, float) or type(y) not in (int, float) or not (-1 <= x <= 1 and -1 <= y <= 1):
        return None
    return float(x), float(y)


def _seconds(value: object) -> float | None:
    """ISO 8601, as ActivityStreams wants it, or a number of seconds (Funkwhale)."""
    seconds: float | None = None
    if type(value) is int or type(value) is float:
        seconds = float(value)
    elif type(value) is str and len(value) <= 64 and (match := _DURATION.fullmatch(value)):
        days, hours, minutes, rest = (float(part or 0) for part in match.groups())
        seconds = ((days * 24 + hours) * 60 + minutes) * 60 + rest
    return seconds if seconds is not None and isfinite(seconds) and 0 < seconds <= _MAX_DURATION_SECONDS else None
