"""The pages that posts and profiles link to, in HTML that was sanitised or rendered here."""

import html
import re
from collections.abc import Mapping
from typing import Final

OBJECT: Final = "object"

# What the sanitiser and the renderer write: quotes are always double, and `>` in values is escaped.
_ANCHOR = re.compile(r"<a ([^<>]*)>")
_HREF = re.compile(r'(?:^|\s)href="(https?://[^"\s]+)"')
_CLASS = re.compile(r'(?:^|\s)class="([^"]*)"')
_LINE = re.compile(r"<a ([^<>]*)>((?:[^<]|</?span(?: [^<>]*)?>)*)</a>")
_LINK = re.compile(r"<a ([^<>]*)>(.*?)</a>", re.DOTALL)
# What comes from outside never has this class: the sanitiser knows it not.
_MARK: Final = f' class="{OBJECT}" '
_MARKED = re.compile(rf'<a href="([^"<>]+)"{_MARK}(?:target="_blank" )?')
_TAG = re.compile(r"<[^<>]*>")
_PREFIX = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
# Mastodon names in it what is quoted, for those who do not show quotes.
_QUOTED = re.compile(r'<p class="quote-inline">.*?</p>', re.DOTALL)
# Of people and tags, not of pages.
_NAMES = frozenset({"mention", "hashtag", "u-url"})


def first_link(content: str) -> str:
    """The first page that is linked to, which mentions and hashtags are not; empty if there is none."""
    if "<a " not in content:
        return ""
    if "quote-inline" in content:
        content = _QUOTED.sub("", content)
    for anchor in _ANCHOR.finditer(content):
        href = _HREF.search(anchor[1])
        if href is not None and not _is_name(anchor[1]):
            return html.unescape(href[1])
    return ""


def links_in(content: str) -> list[str]:
    """All pages that are linked to, each once, in order."""
    found: dict[str, None] = {}
    for anchor in _ANCHOR.finditer(content):
        href = _HREF.search(anchor[1])
        if href is not None and not _is_name(anchor[1]):
            found[html.unescape(href[1])] = None
    return list(found)


def with_objects(content: str, objects: Mapping[str, str]) -> str:
    """Links to what is no page but an object are marked as such, and lead to its uri (FEP-e232).

    `objects`: uris by what stands in the text for them, and by themselves.
    """

    def mark(link: re.Match[str]) -> str:
        href = _HREF.search(link[1])
        if href is None or _is_name(link[1]):
            return link[0]
        uri = objects.get(html.unescape(href[1])) or objects.get(html.unescape(_TAG.sub("", link[2])).strip())
        if uri is None:
            return link[0]
        attributes = _CLASS.sub("", _HREF.sub("", link[1])).strip()
        return f'<a href="{html.escape(uri)}" class="{OBJECT}" {attributes}>{link[2]}</a>'

    return _LINK.sub(mark, content) if objects and "<a " in content else content


def objects_in(content: str) -> list[str]:
    """The uris of what `with_objects` marked."""
    return [html.unescape(uri) for uri in _MARKED.findall(content)] if _MARK in content else []


def with_places(content: str, places: Mapping[str, str]) -> str:
    """What was marked so leads to where it is read here, as far as that is known."""

    def lead(link: re.Match[str]) -> str:
        place = places.get(html.unescape(link[1]))
        return link[0] if place is None else f'<a href="{html.escape(place)}" class="{OBJECT}" '

    return _MARKED.sub(lead, content) if _MARK in content else content


def _is_name(attributes: str) -> bool:
    names = _CLASS.search(attributes)
    return names is not None and bool(_NAMES.intersection(names[1].split()))


def only_link(content: str) -> str:
    """The page that a line consists of; empty if it says anything else, or not what it leads to."""
    match = _LINE.fullmatch(content.strip())
    href = _HREF.search(match[1]) if match is not None else None
    if match is None or href is None:
        return ""
    url = html.unescape(href[1])
    shown = html.unescape(_TAG.sub("", match[2]))
    # A name before the host looks like the host.
    is_plain = "@" not in _PREFIX.sub("", url, count=1).partition("/")[0]
    return url if is_plain and _bare(shown) == _bare(url) else ""


def _bare(url: str) -> str:
    return _PREFIX.sub("", url.strip(), count=1).rstrip("/").casefold()
