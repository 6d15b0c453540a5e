"""Web pages, as far as they describe themselves: Open Graph, oEmbed and plain HTML. Everything in them is a claim."""

import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser

from federation.parse import as2
from node.text.names import clean_line

MAX_TITLE = 300
MAX_DESCRIPTION = 1_000
MAX_NAME = 200
MAX_META = 400  # elements that are looked at
MAX_LINKS = 2_000

_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?=$|[-_])")
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
# Python knows encodings that are no encodings of text; pages use these.
_ENCODINGS: Final = re.compile(
    r"utf-?8|utf-?16(?:le|be)?|us-ascii|iso-?8859-\d{1,2}|latin-?1|windows-(?:125\d|874)|cp125\d|koi8-[ru]|shift_jis"
    r"|sjis|euc-(?:jp|kr)|iso-2022-jp|gb2312|gbk|gb18030|big5(?:-hkscs)?"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedPage:
    """Plain text, cleaned and cut; addresses are absolute and acceptable, or empty."""

    title: str = ""
    description: str = ""
    provider_name: str = ""
    author_name: str = ""
    author_url: str = ""
    creator: str = ""  # a handle in the fediverse: believed once its owner agrees
    image_url: str = ""
    image_description: str = ""
    width: int = 0
    height: int = 0
    language: str | None = None
    published_at: int | None = None
    oembed_url: str = ""


def text_of(body: bytes, content_type: str) -> str:
    """The text of a page, in the encoding that it names. What cannot be read becomes question marks."""
    if body.startswith(b"\xef\xbb\xbf"):
        return body[3:].decode("utf-8", "replace")
    stated = _CHARSET.search(content_type.encode("ascii", "ignore")) or _CHARSET.search(body[:2048])
    name = stated[1].decode("ascii").lower() if stated is not None else "utf-8"
    return body.decode(name if _ENCODINGS.fullmatch(name) else "utf-8", "replace")


def parse_page(text: str, url: str) -> ParsedPage:
    """`url` is where the page was found in the end."""
    tree = LexborHTMLParser(text)
    meta = _meta(tree)
    title = tree.css_first("head > title") or tree.css_first("title")
    root = tree.css_first("html")
    language = _LANGUAGE.match((root.attributes.get("lang") or "") if root is not None else "")
    author = meta.get("article:author", "")
    author_url = _address(author, url) if author.startswith(("http://", "https://")) else ""
    return ParsedPage(
        title=_line(meta.get("og:title") or meta.get("twitter:title") or (title.text() if title else ""), MAX_TITLE),
        description=_line(
            meta.get("og:description") or meta.get("twitter:description") or meta.get("description", ""),
            MAX_DESCRIPTION,
        ),
        provider_name=_line(meta.get("og:site_name") or meta.get("application-name", ""), MAX_NAME),
        author_name=_line(meta.get("author") or ("" if author_url else author), MAX_NAME),
        author_url=author_url,
        creator=_line(meta.get("fediverse:creator", ""), MAX_NAME),
        image_url=_address(meta.get("og:image") or meta.get("og:image:url") or meta.get("twitter:image", ""), url),
        image_description=_line(meta.get("og:image:alt", ""), MAX_DESCRIPTION),
        width=_pixels(meta.get("og:image:width", "")),
        height=_pixels(meta.get("og:image:height", "")),
        language=language[0].lower() if language else None,
        published_at=as2.past_ms(meta.get("article:published_time")),
        oembed_url=_oembed(tree, url),
    )


def parse_me_links(text: str, url: str) -> frozenset[str]:
    """Where a page says that its author is, too: `rel=me` of links, whether they are seen or not."""
    tree = LexborHTMLParser(text)
    named = tree.css('a[rel~="me" i][href], link[rel~="me" i][href]')[:MAX_LINKS]
    return frozenset(address for one in named if (address := _address(one.attributes.get("href") or "", url)))


def parse_oembed(document: dict[str, Any], url: str) -> ParsedPage:
    """An oEmbed answer (oembed.com, section 2.3.4) without its HTML: nothing foreign is embedded here."""
    picture = document.get("thumbnail_url") or (document.get("url") if document.get("type") == "photo" else "")
    is_thumbnail = bool(document.get("thumbnail_url"))
    return ParsedPage(
        title=_line(as2.text(document.get("title")), MAX_TITLE),
        provider_name=_line(as2.text(document.get("provider_name")), MAX_NAME),
        author_name=_line(as2.text(document.get("author_name")), MAX_NAME),
        author_url=_address(as2.text(document.get("author_url")), url),
        image_url=_address(as2.text(picture), url),
        width=_pixels(str(document.get("thumbnail_width" if is_thumbnail else "width"))[:8]),
        height=_pixels(str(document.get("thumbnail_height" if is_thumbnail else "height"))[:8]),
    )


def _meta(tree: LexborHTMLParser) -> dict[str, str]:
    """By property or name, in lower case; of several the first that says something."""
    found: dict[str, str] = {}
    for element in tree.css("meta[content]")[:MAX_META]:
        name = (element.attributes.get("property") or element.attributes.get("name") or "").strip().lower()
        content = (element.attributes.get("content") or "").strip()
        if name and content and name not in found:
            found[name] = content[:4_096]
    return found


def _oembed(tree: LexborHTMLParser, url: str) -> str:
    for link in tree.css('link[rel~="alternate"][type="application/json+oembed"][href]')[:1]:
        return _address(link.attributes.get("href") or "", url)
    return ""


def _line(text: str, limit: int) -> str:
    return clean_line(text, limit)


def _address(text: str, base: str) -> str:
    if not text:
        return ""
    try:
        return as2.uri(urljoin(base, text.strip()))
    except ValueError:
        return ""


def _pixels(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else 0
