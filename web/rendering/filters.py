"""How names are shown, and the HTML that people wrote."""

import re
from typing import Any

from markupsafe import Markup, escape

from node.models import ActorKind

Entity = dict[str, Any]

_TAG = re.compile(r"(<[^>]*>)")
_SHORTCODE = re.compile(r":([A-Za-z0-9_]+):")
_END_OF_LINE = re.compile(r"<br ?/?>|</(?:p|li|h\d|pre|blockquote)>")
_LINE_CHARS, _MAX_LINES = 60, 12
_HASHTAG_LINK = re.compile(r'href="[^"]*"([^>]*)>#(<span>)?(\w+)')


# What a policy may keep a reader from.
DEEDS = ("reply", "favourite", "reblog", "quote")


def allows(status: Entity, deed: str) -> bool:
    """Whether the reader may answer, favourite, boost or quote a post; by asking first counts too."""
    approval = status.get(f"{deed}_approval")
    return deed != "quote" if approval is None else approval["current_user"] != "denied"


# ── people ──


def name(account: Entity) -> Markup:
    """The shown name, or the user name; emoji as pictures."""
    text = account["display_name"].strip() or account["username"]
    return emojify(escape(text), account["emojis"])


def plain_name(account: Entity) -> str:
    """For labels and titles: without emoji codes."""
    text = account["display_name"].strip() or account["username"]
    if account["emojis"]:
        text = _SHORTCODE.sub("", text).strip() or account["username"]
    return str(text)


def path(account: Entity) -> str:
    return f"/@{account['acct']}"


def status_path(status: Entity) -> str:
    return f"/@{status['account']['acct']}/{status['id']}"


def is_organisation(account: Entity) -> bool:
    """People are round, everything else is a rounded square."""
    return bool(account["bot"] or account["group"] or account["actor_type"] == ActorKind.ORGANIZATION)


# ── what people wrote, sanitized when it came ──


def is_long(status: Entity) -> bool:
    """It takes more than twelve lines, where there is room for them: the rest is folded away."""
    texts = (Markup(piece).striptags() for piece in _END_OF_LINE.split(status["content"]))  # noqa: S704 - sanitized
    return sum(-(-len(text) // _LINE_CHARS) for text in texts) > _MAX_LINES


def content(status: Entity) -> Markup:
    """The text of a post, with people, hashtags and emoji of ours."""
    text: str = status["content"]
    for mention in status["mentions"]:
        text = text.replace(f'href="{escape(mention["url"])}"', f'href="/@{escape(mention["acct"])}"')
    if status["tags"]:
        text = _with_our_tags(text, {tag["name"].lower() for tag in status["tags"]})
    return emojify(Markup(text), status["emojis"])  # noqa: S704 - node/text/sanitize.py has seen it


def note(account: Entity) -> Markup:
    """A profile's text."""
    return emojify(Markup(account["note"]), account["emojis"])  # noqa: S704 - sanitized


def value(field: Entity, account: Entity) -> Markup:
    """The value of a profile's extra line."""
    return emojify(Markup(field["value"]), account["emojis"])  # noqa: S704 - sanitized


def emojify(markup: Markup, emojis: list[Entity]) -> Markup:
    """`:shortcode:` outside of tags becomes its picture."""
    if not emojis:
        return markup
    pictures = {emoji["shortcode"]: _picture(emoji) for emoji in emojis}

    def replace(match: re.Match[str]) -> str:
        return pictures.get(match[1], match[0])

    parts = _TAG.split(str(markup))
    parts[::2] = (_SHORTCODE.sub(replace, part) for part in parts[::2])
    return Markup("".join(parts))  # noqa: S704 - only pictures that we wrote were added


def excerpt(html: str, characters: int = 120) -> str:
    """The first words, without tags."""
    text = " ".join(Markup(html.replace("</p>", " ").replace("<br>", " ")).striptags().split())  # noqa: S704
    return text if len(text) <= characters else text[:characters].rsplit(" ", 1)[0] + "…"


def _picture(emoji: Entity) -> str:
    code, still, moving = escape(emoji["shortcode"]), emoji["static_url"], emoji["url"]
    rests = "" if still == moving else f' data-moving="{escape(moving)}"'
    return f'<img class="emoji" src="{escape(still)}"{rests} alt=":{code}:" title=":{code}:" width="20" height="20">'


def _with_our_tags(text: str, tags: set[str]) -> str:
    def replace(match: re.Match[str]) -> str:
        tag = match[3].lower()
        return f'href="/tags/{tag}"{match[1]}>#{match[2] or ""}{match[3]}' if tag in tags else match[0]

    return _HASHTAG_LINK.sub(replace, text)
