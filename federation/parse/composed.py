"""The text of a post, and for what is no microblog post a text that stands for it (FEDERATION.md, Objects)."""

from html import escape
from typing import Final

from federation.parse import as2
from federation.parse.as2 import Document

# Posts whose content is shown as it is: the Note, and what other software calls its notes.
WRITTEN: Final = frozenset(
    {"Note", "Question", "ChatMessage", "Comment", "Quotation", "Review", "Rating", "GeneratedNote"}
)
# Shown as title, summary and link: their content belongs on their own page.
LINKED: Final = frozenset({"Article", "Page", "Image", "Audio", "Video", "Event"})
POSTS: Final = WRITTEN | LINKED

# Of these some have titles: polls of PieFed, topics of Discourse, reviews of BookWyrm.
_TITLED: Final = frozenset({"Note", "Question", "Review"})

# A link aggregator's remark is short enough to be read here; an article is not.
_SHORT = 2_000
# So much of a title Mbin repeats at least.
_MBINS_TITLE = 50
_MOST_POINTS = 5


def content_of(document: Document, kind: str, url: str) -> str:
    """HTML, not sanitised."""
    content = as2.natural(document, "content", as2.MAX_TEXT)
    name = as2.natural(document, "name")
    if kind in LINKED:
        return _linked(document, name, content, url)
    if kind == "Quotation":
        quoted = as2.text(document.get("quote"), as2.MAX_TEXT)
        return f"<blockquote>{quoted}</blockquote>{content}" if quoted else content
    if kind in _TITLED and name and content and document.get("inReplyTo") is None:
        return _heading(name) + content
    if kind == "Rating" and not content:
        return _rating(document)
    return content or escape(name)


def _rating(document: Document) -> str:
    """BookWyrm's points for a book, without words."""
    points = document.get("rating")
    if isinstance(points, bool) or not isinstance(points, (int, float)) or not 0 <= points <= _MOST_POINTS:
        return ""
    book = escape(as2.id_of(document.get("inReplyToBook")))
    link = f' <a href="{book}">{book}</a>' if book else ""
    return f"<p>{points:g} / {_MOST_POINTS}{link}</p>"


def summary_of(document: Document, kind: str) -> str:
    """The content warning, HTML; the summary of an article is no warning and has become part of its content."""
    return "" if kind in LINKED else as2.natural(document, "summary", as2.MAX_TEXT)


def _linked(document: Document, name: str, content: str, url: str) -> str:
    summary = as2.natural(document, "summary", as2.MAX_TEXT)
    if name and _is_title_again(summary, name):
        summary = ""
    if not summary and len(content) <= _SHORT and _is_html(document):
        summary = content
    link = escape(url)
    parts = (
        _heading(name) if name else "",
        summary if summary.lstrip().startswith("<") or not summary else f"<p>{summary}</p>",
        f'<p><a href="{link}">{link}</a></p>' if url else "",
    )
    return "".join(parts)


def _is_title_again(summary: str, name: str) -> bool:
    """As Mbin has it: the beginning of the title, and hashtags."""
    start = name[:_MBINS_TITLE]
    if not summary.startswith(start):
        return False
    return len(start) == _MBINS_TITLE or all(word.startswith("#") for word in summary[len(start) :].split())


def _heading(name: str) -> str:
    return f"<h2>{escape(name)}</h2>"


def _is_html(document: Document) -> bool:
    # PeerTube's content is Markdown, and says so.
    return as2.link_type(document) in ("", "text/html")
