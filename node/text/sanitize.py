"""HTML from elsewhere is reduced to what Mastodon keeps, on the way in (docs/threat-model.md, Pages)."""

import re

import nh3

MAX_HTML_CHARS = 200_000
# Parsers need quadratic time for formatting that is nested without end; no person nests like this.
MAX_TAGS = 4_000
# Each `&` takes them longer than a hundred letters, and becomes five characters.
MAX_REFERENCES = 20_000

LINK_SCHEMES = {
    "http",
    "https",
    "mailto",
    "gemini",
    "gopher",
    "xmpp",
    "magnet",
    "dat",
    "dweb",
    "ipfs",
    "ipns",
    "ssb",
}
_INLINE = {"a", "br", "code", "del", "s", "em", "i", "b", "strong", "u", "span"}
_BLOCK = {"p", "pre", "blockquote", "ul", "ol", "li", "ruby", "rt", "rp"}
_LINK_CLASSES = {"h-card", "u-url", "p-name", "p-author", "mention", "hashtag", "ellipsis", "invisible"}

_AS_PARAGRAPH = (
    "address|article|aside|caption|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|header|hgroup"
    "|hr|legend|main|nav|section|summary|table|tr"
)
_FOREIGN = re.compile(rf"<(/?)(?:(h[1-6])|({_AS_PARAGRAPH})|(td|th))(?=[\s/>])[^<>]*>", re.IGNORECASE | re.ASCII)
_EMPTY_PARAGRAPH = re.compile(r"<p>\s*</p>")


def _cleaner(tags: set[str]) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=tags,
        clean_content_tags={
            "script",
            "style",
            "template",
            "title",
            "noscript",
            "iframe",
            "object",
            "svg",
            "textarea",
        },
        attributes={"a": {"href"}, "ol": {"start", "reversed"}, "li": {"value"}} if "p" in tags else {"a": {"href"}},
        tag_attribute_values={"span": {"translate": {"no"}}, "a": {"translate": {"no"}}},
        set_tag_attribute_values={"a": {"target": "_blank"}},
        allowed_classes={"a": _LINK_CLASSES, "span": _LINK_CLASSES, "p": {"quote-inline"}}
        if "p" in tags
        else {"a": _LINK_CLASSES, "span": _LINK_CLASSES},
        url_schemes=LINK_SCHEMES,
        url_relative="deny",
        link_rel="nofollow noopener",
        strip_comments=True,
    )


_post = _cleaner(_INLINE | _BLOCK)
_line = _cleaner(_INLINE - {"br"})


def sanitize(html: str, max_chars: int = MAX_HTML_CHARS) -> str:
    """`html` with the elements, classes and schemes that posts need; what is beyond `max_chars` is cut."""
    html = _limited(html, max_chars)
    if _FOREIGN.search(html):
        html = _FOREIGN.sub(_native, html)
        return _EMPTY_PARAGRAPH.sub("", _post.clean(html))
    return _post.clean(html)


def sanitize_inline(html: str, max_chars: int = 2_047) -> str:
    """The same for one line, such as the value of a profile field: no paragraphs, no lists."""
    return _line.clean(_limited(html, max_chars))


def _limited(html: str, max_chars: int) -> str:
    html = html[:max_chars].replace("\x00", "")
    for mark, most in (("<", MAX_TAGS), ("&", MAX_REFERENCES)):
        if html.count(mark) > most:
            html = mark.join(html.split(mark, most + 1)[: most + 1])
    return html


def _native(tag: re.Match[str]) -> str:
    """Headings and layout in the elements that we have, so that their words do not run together.

    This runs before the sanitiser: whatever it makes of hostile markup is still only its input.
    """
    closing, heading, block, _cell = tag.groups()
    if heading:
        return "</strong></p>" if closing else "<p><strong>"
    if block:
        return "</p>" if closing else "<p>"
    return " "
