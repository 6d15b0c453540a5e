"""Finds mentions, hashtags, links and custom emoji in what people write.

One pass over the few characters that can begin a token; each candidate is looked at with bounded patterns, so the
time grows with the length of the text and nothing else. The rules are Mastodon's, so that both read a text alike.
"""

import re
from typing import NamedTuple
from unicodedata import category, normalize

from node.text.domains import normal_domain

MAX_HASHTAG_CHARS = 100
MAX_URL_CHARS = 2048


class Mention(NamedTuple):
    start: int
    end: int
    name: str
    domain: str | None  # normal form; None as `@name` was written
    key: str  # `name` or `name@domain` in lower case: what resolved mentions are looked up by


class Hashtag(NamedTuple):
    start: int
    end: int
    name: str  # as written, without #


class Link(NamedTuple):
    start: int
    end: int
    url: str


class Emoji(NamedTuple):
    start: int
    end: int
    shortcode: str


Token = Mention | Hashtag | Link | Emoji

_TRIGGER = re.compile("[@#\uff03:]")


def tokens(text: str) -> list[Token]:
    """All tokens of `text`, in order, none inside another."""
    found: list[Token] = []
    end = 0
    trigger = _TRIGGER.search(text)
    while trigger:
        at = trigger.start()
        token = token_at(text, at, not_before=end)
        if token is None:
            end = max(end, at)
            trigger = _TRIGGER.search(text, at + 1)
        else:
            found.append(token)
            end = token.end
            trigger = _TRIGGER.search(text, end)
    return found


def token_at(text: str, at: int, not_before: int = 0) -> Token | None:
    """The token whose `@`, `#` or `:` stands at `at`. A link begins before its colon, yet not before `not_before`."""
    trigger = text[at]
    if trigger == "@":
        return _mention(text, at)
    if trigger != ":":
        return _hashtag(text, at)
    if text.startswith("//", at + 1):
        return _link(text, at, not_before)
    return _emoji(text, at)


def mentions_in(text: str, found: list[Token] | None = None) -> list[Mention]:
    """Each account that is mentioned, once, in order.

    `found` are the tokens of `text` when they are known already; of Markdown, those of `render.tokens_of`.
    """
    first: dict[str, Mention] = {}
    for token in tokens(text) if found is None else found:
        if isinstance(token, Mention):
            first.setdefault(token.key, token)
    return list(first.values())


def hashtags_in(text: str, found: list[Token] | None = None) -> list[str]:
    """Each hashtag once, by its key, as first written and without #."""
    first: dict[str, str] = {}
    for token in tokens(text) if found is None else found:
        if isinstance(token, Hashtag):
            first.setdefault(hashtag_key(token.name), token.name)
    return list(first.values())


def shortcodes_in(text: str) -> set[str]:
    """The shortcodes that stand in `text`, whether such an emoji exists or not."""
    return {token.shortcode for token in tokens(text) if isinstance(token, Emoji)} if ":" in text else set()


# ── mentions ───────────────────────────────────────────────────────────────────────────────────────────────────────

_LOCAL_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,254}[A-Za-z0-9_])?")
_ANY_NAME = re.compile(r"\w(?:[\w.-]{0,254}\w)?")
# One digit after a colon is more often a sentence than a port.
_PORT = re.compile(r":\d{2,5}(?!\d)")


def _mention(text: str, at: int) -> Mention | None:
    if at and _blocks(text[at - 1], "@=/"):
        return None
    name = _LOCAL_NAME.match(text, at + 1)
    end = name.end() if name else at + 1
    if text[end : end + 1] > "\x7f":  # only names of other servers have letters beyond ASCII
        longer = _ANY_NAME.match(text, at + 1)
        if longer and text.startswith("@", longer.end()):
            name, end = longer, longer.end()
    if name is None:
        return None
    if text.startswith("@", end):
        domain_end = _host_end(text, end + 1)
        if domain_end > end + 1:
            port = _PORT.match(text, domain_end)
            domain_end = port.end() if port else domain_end
            domain = normal_domain(text[end + 1 : domain_end])
            if domain is None:
                return None
            return Mention(at, domain_end, name[0], domain, f"{name[0].lower()}@{domain}")
        if not name[0].isascii():
            return None
    return Mention(at, end, name[0], None, name[0].lower())


# ── hashtags ───────────────────────────────────────────────────────────────────────────────────────────────────────

# Everything but spaces and the ASCII that no tag holds; what lies beyond ASCII is looked at by category.
_TAG_RUN = re.compile(rf"[^\s\x00-/:-@\[-^`{{-\x7f]{{1,{MAX_HASHTAG_CHARS + 1}}}")
_TAG_SEPARATORS = "\u00b7\u30fb\u200c"


def _hashtag(text: str, at: int) -> Hashtag | None:
    if at and _blocks(text[at - 1], "=/)&#\uff03"):
        return None
    run = _TAG_RUN.match(text, at + 1)
    name = _tag_name(run[0]) if run else ""
    return Hashtag(at, at + 1 + len(name), name) if name else None


def hashtag_name(text: str) -> str | None:
    """`text`, with or without its `#`, when all of it is one hashtag; for tags that other servers tell of."""
    text = text.strip().lstrip("#\uff03")
    run = _TAG_RUN.fullmatch(text)
    return text if run and _tag_name(text) == text else None


def hashtag_key(name: str) -> str:
    """One tag whatever its spelling: NFKC and case folded."""
    if name.isascii():
        return name.lower()
    return normalize("NFKC", normalize("NFKC", name).casefold())


def _tag_name(run: str) -> str:
    """The part of `run` that is a tag's name, or nothing: numbers alone are none (`#1`), marks alone neither."""
    name = run
    if not run.isascii():
        end = next((i for i, c in enumerate(run) if not _is_word(c) and c not in _TAG_SEPARATORS), len(run))
        name = run[:end].rstrip(_TAG_SEPARATORS)
    body = name.strip("_")
    if not body or len(name) > MAX_HASHTAG_CHARS or body.isnumeric() or not (name[0] == "_" or name[0].isalnum()):
        return ""
    return name


def _is_word(char: str) -> bool:
    # `\w` of `re` leaves out combining marks, without which Hindi or Thai fall apart.
    return char.isalnum() or char == "_" or category(char)[0] == "M"


# ── links ──────────────────────────────────────────────────────────────────────────────────────────────────────────

# Spaces, controls, zero-width and directional characters, quotation marks and East Asian punctuation end a link.
_NEVER = (
    "\\s\\x00-\\x20\\x7f-\\xa0\\xab\\xbb\\u200b-\\u200f\\u2018-\\u201f\\u2026\\u2028-\\u202f\\u2060-\\u206f"
    "\\u3000-\\u3003\\u3008-\\u3011\\u3014-\\u301f\\ufeff\\uff01\\uff08\\uff09\\uff0c\\uff0e\\uff1a\\uff1b\\uff1f"
    "\\uff3b\\uff3d\\uff5b-\\uff65\\ufff0-\\uffff"
)
_HOST = re.compile(f"[^{_NEVER}!-,/:-@\\[-^`{{-~]{{1,253}}|\\[[0-9A-Fa-f:.]{{2,45}}\\]")
_REST = re.compile(f'[/?#][^{_NEVER}<>"`]{{0,{MAX_URL_CHARS}}}')
_ASCII_TLD = re.compile(r"[A-Za-z]{2,63}(?=[^\x00-\x7f])")
_TRAILING = ".,;:!?'*~"
_BRACKETS = {")": "(", "]": "[", "}": "{"}


def _link(text: str, colon: int, not_before: int) -> Link | None:
    scheme = text[max(colon - 5, not_before) : colon].lower()
    start = colon - (5 if scheme == "https" else 4)
    if not scheme.endswith(("http", "https")) or (start and _blocks(text[start - 1], "@#/=")):
        return None
    end = _host_end(text, colon + 3)
    host = text[colon + 3 : end]
    port = _PORT.match(text, end)
    if "." not in host and host.lower() != "localhost" and not port:
        return None
    end = port.end() if port else end
    if text.startswith("@", end):  # `https://bank.example@evil.example` names evil.example: better no link at all
        return None
    rest = _REST.match(text, end)
    if rest:
        end = _trimmed(text, end, rest.end())
    return Link(start, end, text[start:end]) if end - start <= MAX_URL_CHARS else None


def _host_end(text: str, start: int) -> int:
    """Where the host that begins at `start` ends; `start` itself when there is none."""
    run = _HOST.match(text, start)
    if run is None:
        return start
    host = run[0]
    if host[0] == "[":
        return run.end()
    if not host.isascii():
        # Words of a script without spaces may follow at once: the name ends with `.com`, not with `.comは`.
        tld = _ASCII_TLD.match(host, host.rfind(".") + 1)
        host = host[: tld.end()] if tld else host
    host = host.partition("..")[0].rstrip(".-_")
    return start if host[:1] in ("", ".", "-") else start + len(host)


def _trimmed(text: str, start: int, end: int) -> int:
    """`end` without the punctuation of the sentence around the link; brackets that the link opened are its own."""
    surplus = {
        close: text.count(close, start, end) - text.count(open_, start, end) for close, open_ in _BRACKETS.items()
    }
    while end > start:
        last = text[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return end


# ── custom emoji ───────────────────────────────────────────────────────────────────────────────────────────────────

_SHORTCODE = re.compile(r":([A-Za-z0-9_]{2,128}):(?![^\W_]|:)")


def _emoji(text: str, at: int) -> Emoji | None:
    if at and (text[at - 1] == ":" or text[at - 1].isalnum()):
        return None
    match = _SHORTCODE.match(text, at)
    return Emoji(at, match.end(), match[1]) if match else None


def _blocks(before: str, others: str) -> bool:
    """Whether the character before a candidate makes it part of something else, such as a mail address."""
    return before in others or before == "_" or before.isalnum()
