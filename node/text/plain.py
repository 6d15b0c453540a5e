"""HTML back to plain text: for search, notifications, feeds and link previews."""

import re
from html import unescape

# Quoted values may hold `>`: sanitised HTML escapes it in text alone. The bound keeps hostile quotes cheap.
_TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9]*)[^<>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^<>\"']*){0,30}>")
_SPACES = re.compile(r"[ \t\xa0]*\n[ \t]*")
_EMPTY_LINES = re.compile(r"\n{3,}")

_BREAKS = {
    "br": "\n",
    "/p": "\n\n",
    "/blockquote": "\n\n",
    "/pre": "\n\n",
    "/ul": "\n\n",
    "/ol": "\n\n",
    "li": "\n• ",
    "rt": " ",
}


def plain_text(html: str) -> str:
    """The words of sanitised `html`, with line breaks where a reader sees some."""
    if "<" in html:
        html = _TAG.sub(_break, html)
        html = _EMPTY_LINES.sub("\n\n", _SPACES.sub("\n", html))
    return unescape(html).strip()


def excerpt(text: str, max_chars: int) -> str:
    """The beginning of plain `text` on one line, cut between words and marked by an ellipsis."""
    line = " ".join(text.split())
    if len(line) <= max_chars:
        return line
    cut = line[: max_chars - 1]
    space = cut.rfind(" ")
    # A script without spaces is cut anywhere.
    return (cut[:space] if space > max_chars // 2 else cut).rstrip(" ,;:.") + "…"


def _break(tag: re.Match[str]) -> str:
    return _BREAKS.get(tag[1].lower(), "")
