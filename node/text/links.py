"""The pages that posts and profiles link to, in HTML that was sanitised or rendered here."""

import html
import re

# What the sanitiser and the renderer write: quotes are always double, and `>` in values is escaped.
_ANCHOR = re.compile(r"<a ([^<>]*)>")
_HREF = re.compile(r'(?:^|\s)href="(https?://[^"\s]+)"')
_CLASS = re.compile(r'(?:^|\s)class="([^"]*)"')
_LINE = re.compile(r"<a ([^<>]*)>((?:[^<]|</?span(?: [^<>]*)?>)*)</a>")
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
        names = _CLASS.search(anchor[1])
        if href is not None and not (names is not None and _NAMES.intersection(names[1].split())):
            return html.unescape(href[1])
    return ""


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
