"""The pages that a post links to, in HTML that was sanitised or rendered here."""

import html
import re

# What the sanitiser and the renderer write: quotes are always double, and `>` in values is escaped.
_ANCHOR = re.compile(r"<a ([^<>]*)>")
_HREF = re.compile(r'(?:^|\s)href="(https?://[^"\s]+)"')
_CLASS = re.compile(r'(?:^|\s)class="([^"]*)"')
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
