"""What people write, plain or Markdown, becomes the HTML that Mastodon would write."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from html import escape
from typing import NamedTuple

from node.text import markdown
from node.text.tokens import Emoji, Hashtag, Link, Mention, Token, tokens

LINK_REL = "nofollow noopener"
SHOWN_URL_CHARS = 30


class Format(StrEnum):
    PLAIN = "text/plain"
    MARKDOWN = "text/markdown"


class MentionTarget(NamedTuple):
    """The account that a mention was resolved to; `domain` is empty for our own."""

    url: str
    name: str
    domain: str = ""


Mentions = Mapping[str, MentionTarget]
TagUrl = Callable[[str], str]

_URL_PREFIX = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_PARAGRAPH_END = re.compile(r"\n{2,}")


def render(text: str, mentions: Mentions, tag_url: TagUrl, text_format: Format = Format.PLAIN) -> str:
    """HTML of `text`. `mentions` maps `Mention.key` to whom it names; a mention of nobody stays text."""
    text = clean_source(text)
    writer = _Writer(mentions, tag_url, LINK_REL)
    if text_format is Format.MARKDOWN:
        return markdown.render(text, writer.write)
    return _paragraphs(writer.line(text)) if text else ""


def tokens_of(text: str, text_format: Format = Format.PLAIN) -> list[Token]:
    """All tokens that `render` would write; in Markdown none within code or links."""
    text = clean_source(text)
    if text_format is Format.PLAIN:
        return tokens(text)
    found: list[Token] = []

    def collect(token: Token, _written: str) -> str:
        found.append(token)
        return ""

    markdown.render(text, collect)
    return found


def render_inline(text: str, mentions: Mentions, tag_url: TagUrl, *, rel_me: bool = False) -> str:
    """HTML of one line, such as the value of a profile field; `rel_me` marks links as the author's own pages."""
    rel = f"{LINK_REL} me" if rel_me else LINK_REL
    return _Writer(mentions, tag_url, rel).line(clean_source(text).replace("\n", " "))


def render_link(url: str, rel: str = LINK_REL) -> str:
    """A link as clients expect it: scheme and tail hidden by classes, the whole address still in the text."""
    prefix = _URL_PREFIX.match(url)
    cut = prefix.end() if prefix else 0
    shown = url[cut : cut + SHOWN_URL_CHARS]
    rest = url[cut + SHOWN_URL_CHARS :]
    return (
        f'<a href="{escape(url)}" target="_blank" rel="{rel}" translate="no">'
        f'<span class="invisible">{escape(url[:cut])}</span>'
        f'<span class="{"ellipsis" if rest else ""}">{escape(shown)}</span>'
        f'<span class="invisible">{escape(rest)}</span></a>'
    )


def clean_source(text: str) -> str:
    """`text` with one kind of newline and without control characters and what no encoding can carry."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", text).strip()


def _paragraphs(line: str) -> str:
    if "\n" not in line:
        return f"<p>{line}</p>"
    return f"<p>{_PARAGRAPH_END.sub('</p><p>', line)}</p>".replace("\n", "<br />")


class _Writer:
    """Writes tokens; holds what the tokens of one text share."""

    def __init__(self, mentions: Mentions, tag_url: TagUrl, rel: str) -> None:
        self.mentions = mentions
        self.tag_url = tag_url
        self.rel = rel
        self.ambiguous = _names_of_several(mentions) if len(mentions) > 1 else frozenset()

    def line(self, text: str) -> str:
        """`text` escaped, its tokens as links, newlines kept."""
        parts = []
        end = 0
        for token in tokens(text):
            parts.append(escape(text[end : token.start], quote=False))
            parts.append(self.write(token, text[token.start : token.end]))
            end = token.end
        parts.append(escape(text[end:], quote=False))
        return "".join(parts)

    def write(self, token: Token, written: str) -> str:
        match token:
            case Mention():
                return self._mention(token, written)
            case Hashtag(name=name):
                url = escape(self.tag_url(name))
                return f'<a href="{url}" class="mention hashtag" rel="tag">#<span>{escape(name)}</span></a>'
            case Link(url=url):
                return render_link(url, self.rel)
            case Emoji():  # clients draw it from the entity's list
                return written

    def _mention(self, token: Mention, written: str) -> str:
        target = self.mentions.get(token.key)
        if target is None:
            return escape(written)
        name = target.name
        if target.domain and name.lower() in self.ambiguous:
            name = f"{name}@{target.domain}"
        return (
            f'<span class="h-card" translate="no"><a href="{escape(target.url)}" class="u-url mention">'
            f"@<span>{escape(name)}</span></a></span>"
        )


def _names_of_several(mentions: Mentions) -> frozenset[str]:
    """Names that more than one of the accounts mentioned has: only then is the domain shown."""
    urls: dict[str, str] = {}
    several = set()
    for target in mentions.values():
        name = target.name.lower()
        if urls.setdefault(name, target.url) != target.url:
            several.add(name)
    return frozenset(several)
