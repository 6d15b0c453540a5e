"""How values are shown: times, numbers, names, and the HTML that people wrote."""

import re
from typing import Any

from markupsafe import Markup, escape

from node import clock

Entity = dict[str, Any]

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_TAG = re.compile(r"(<[^>]*>)")
_SHORTCODE = re.compile(r":([A-Za-z0-9_]+):")
_HASHTAG_LINK = re.compile(r'href="[^"]*"([^>]*)>#(<span>)?(\w+)')


# What a policy may keep a reader from.
DEEDS = ("reply", "favourite", "reblog", "quote")


def allows(status: Entity, deed: str) -> bool:
    """Whether the reader may answer, favourite, boost or quote a post; by asking first counts too."""
    approval = status.get(f"{deed}_approval")
    return deed != "quote" if approval is None else approval["current_user"] != "denied"


# ── times ──


def ago(iso: str) -> str:
    """`12 min`, `3 h`, `yesterday`, `4 d`, `3 Nov`, `3 Nov 2024`; of the future, `in 2 h`."""
    ms = clock.parse_iso(iso)
    if ms is None:
        return ""
    passed = clock.now_ms() - ms
    if passed < -clock.MINUTE:
        return f"in {_rough(-passed)}"
    if passed < clock.MINUTE:
        return "now"
    if passed < 2 * clock.DAY:
        return _rough(passed) if passed < clock.DAY else "yesterday"
    return _rough(passed) if passed < 7 * clock.DAY else date(iso)


def past(iso: str) -> str:
    """`ago` inside a sentence: `12 min ago`, `yesterday`, `on 3 Nov`."""
    text = ago(iso)
    if text == "now":
        return "just now"
    if text in ("yesterday", "") or text.startswith("in "):
        return text
    return f"{text} ago" if text.endswith((" min", " h", " d")) else f"on {text}"


def when(iso: str) -> str:
    """`07:10` today, `yesterday 23:40`, `3 Nov 23:40`, in UTC."""
    moment, now = _parse(iso), clock.now()
    if moment is None:
        return ""
    days = (now.date() - moment.date()).days
    return {0: f"{moment:%H:%M}", 1: f"yesterday {moment:%H:%M}"}.get(days, f"{date(iso)} {moment:%H:%M}")


def duration(ms: int) -> str:
    """`9 h 12 min`"""
    hours, minutes = divmod(max(ms, 0) // clock.MINUTE, 60)
    if hours >= 48:
        return f"{hours // 24} days"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _rough(ms: int) -> str:
    if ms < clock.HOUR:
        return f"{max(ms // clock.MINUTE, 1)} min"
    return f"{ms // clock.HOUR} h" if ms < clock.DAY else f"{ms // clock.DAY} d"


def date(iso: str) -> str:
    """`3 Nov`, with the year unless it is this one."""
    when, now = _parse(iso), clock.now()
    if when is None:
        return ""
    text = f"{when.day} {_MONTHS[when.month - 1][:3]}"
    return text if when.year == now.year else f"{text} {when.year}"


def month(iso: str) -> str:
    """`March 2024`"""
    when = _parse(iso)
    return "" if when is None else f"{_MONTHS[when.month - 1]} {when.year}"


def moment(iso: str) -> str:
    """`Sunday 22 November 2026, 07:10`, in UTC; the script shows the reader's own."""
    when = _parse(iso)
    if when is None:
        return ""
    return f"{_DAYS[when.weekday()]} {when.day} {_MONTHS[when.month - 1]} {when.year}, {when:%H:%M}"


def _parse(iso: str | None) -> Any:
    ms = clock.parse_iso(iso)
    return None if ms is None else clock.from_ms(ms)


# ── numbers ──


def number(value: int) -> str:
    """`1,284`"""
    return f"{value:,}"


def compact(value: int) -> str:
    """`1,284`, `12.3k`, `212k`, `4.1M`: for small places."""
    if value < 10_000:
        return f"{value:,}"
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if value >= size:
            share = value / size
            return f"{share:.1f}".removesuffix(".0") + unit if share < 100 else f"{share:.0f}{unit}"
    return str(value)


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
    return bool(account["bot"] or account["group"])


# ── what people wrote, sanitized when it came ──


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
    code = escape(emoji["shortcode"])
    return f'<img class="emoji" src="{escape(emoji["url"])}" alt=":{code}:" title=":{code}:" width="20" height="20">'


def _with_our_tags(text: str, tags: set[str]) -> str:
    def replace(match: re.Match[str]) -> str:
        tag = match[3].lower()
        return f'href="/tags/{tag}"{match[1]}>#{match[2] or ""}{match[3]}' if tag in tags else match[0]

    return _HASHTAG_LINK.sub(replace, text)
