"""Posts as HTML, fast: the part that is the same for all readers is made once, the reader's own is laid over it.

The template renders a post with marks where something changes from minute to minute or from reader to reader. The
result is cut at the marks, remembered, and joined with the values of this reader: a page of twenty posts then costs
twenty joins.
"""

import re
import secrets
from collections import OrderedDict
from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from node.models.access import OPEN
from node.speech import say, say_number
from web.rendering import filters, numbers, times
from web.rendering.branches import Perch
from web.rendering.page import Page

Entity = dict[str, Any]

_REMEMBERED = 5_000
_CARD = ("url", "title", "description", "provider_name", "authors", "image", "image_description")

# Nobody can write this into a post, because nobody knows it.
_SECRET = secrets.token_hex(8)
_MARK = re.compile(rf"\x02{_SECRET}:(\w+)\x03")


class _Cut:
    """Rendered HTML, cut at its marks: text, name, text, name, …, text."""

    __slots__ = ("_names", "_parts")

    def __init__(self, html: str) -> None:
        pieces = _MARK.split(html)
        self._parts = pieces
        self._names = list(enumerate(pieces))[1::2]

    def fill(self, values: dict[str, str]) -> str:
        parts = self._parts.copy()
        for index, name in self._names:
            parts[index] = values[name]
        return "".join(parts)


_cuts: OrderedDict[tuple[Any, ...], _Cut] = OrderedDict()
_environment: Environment


def use(environment: Environment) -> None:
    """Called by web/rendering/environment.py, whose templates call us."""
    global _environment
    _environment = environment


def render_post(
    status: Entity,
    page: Page,
    *,
    look: str = "card",
    perch: Perch | None = None,
    why: str = "",
    glyph: str = "boost",
    pinned: bool = False,
    classes: str = "",
    author_id: str = "",
) -> Markup:
    """A Status as an article. `look` is `card`, `focus` (the post a page is about) or `bare` (without actions).

    `perch` places it in a thread, whose first author is `author_id`; `why` replaces "… boosted", with the
    icon `glyph` before it.
    """
    shown = status["reblog"] or status
    cut = _cut_of(shown, page, look, is_author=author_id == shown["account"]["id"], is_blurred="blurred" in status)
    values = _values(status, shown, page)
    values["counts"] = _counts(shown) if look == "focus" else ""
    if look == "focus" and page.viewer is not None and "emoji_reactions" in shown:
        values["react"] = _react()
    values["why"] = str(_why(status, why, glyph, pinned))
    values["classes"] = classes
    values["rails"] = ""
    if perch is not None:
        values["classes"] = _perch_classes(perch)
        values["rails"] = "".join(f'<i class="ln l{rail}"></i>' for rail in perch.rails)
    if pinned:
        values["id"] = f"pin-{status['id']}"
    return Markup(cut.fill(values))  # noqa: S704 - parts are templates' output, values are escaped below


def forget() -> None:
    """For tests."""
    _cuts.clear()


def _cut_of(shown: Entity, page: Page, look: str, *, is_author: bool, is_blurred: bool) -> _Cut:
    reader = _reader_of(shown, page)
    media = "default" if page.viewer is None else str(page.viewer.preferences.reading_expand_media)
    media = "hide_all" if is_blurred else media
    is_quoted = page.viewer is not None and _quoted_author(shown) == page.viewer.id
    key = (*_identity(shown), look, reader, media, is_author, is_quoted, page.locale)
    cut = _cuts.get(key)
    if cut is None:
        macro = _environment.get_template("parts/post.html").module.article  # type: ignore[attr-defined]
        html = str(
            macro(shown, look=look, reader=reader, media=media, is_author=is_author, mark=_mark, is_quoted=is_quoted)
        )
        cut = _cuts[key] = _Cut(re.sub(r"\n\s*", "\n", html))
        if len(_cuts) > _REMEMBERED:
            _cuts.popitem(last=False)
    else:
        _cuts.move_to_end(key)
    return cut


def _mark(name: str) -> Markup:
    return Markup(f"\x02{_SECRET}:{name}\x03")  # noqa: S704 - ours


def _reader_of(shown: Entity, page: Page) -> str:
    if page.viewer is None:
        return "visitor"
    return "author" if shown["account"]["id"] == page.viewer.id else "reader"


def _identity(shown: Entity) -> tuple[Any, ...]:
    """What the lasting part is made of. Two posts with one identity look alike, whoever's database they are from."""
    account, card = shown["account"], shown["card"]
    # Quoted posts are as the API tells them: without, if they came from elsewhere.
    application = shown.get("application")
    return (
        shown["id"],
        shown["uri"],
        shown["in_reply_to_id"],
        shown["edited_at"],
        shown["content"],
        shown["spoiler_text"],
        shown["sensitive"],
        shown["visibility"],
        account["acct"],
        account["display_name"],
        account["avatar"],
        (account["bot"], account["group"], account["actor_type"]),
        None if application is None else application["name"],
        None if card is None else tuple([str(card[part]) for part in _CARD]),
        tuple([_identity_of_file(media) for media in shown["media_attachments"]]),
        tuple([(emoji["shortcode"], emoji["url"]) for emoji in (*shown["emojis"], *account["emojis"])]),
        tuple([(mention["url"], mention["acct"]) for mention in shown["mentions"]]),
        len(shown["tags"]),
        tuple([filters.allows(shown, deed) for deed in filters.DEEDS]),
        shown["quote_approval"] and shown["quote_approval"]["current_user"],
        _identity_of_quote(shown["quote"]),
    )


def _identity_of_file(media: Entity) -> tuple[Any, ...]:
    focus = (media["meta"] or {}).get("focus")
    return media["url"], media["description"], media["preview_url"], focus and (focus["x"], focus["y"])


def _identity_of_quote(quote: Entity | None) -> tuple[Any, ...] | None:
    if quote is None:
        return None
    status = quote.get("quoted_status")
    return quote["state"], None if status is None else _identity(status | {"quote": None})


def _quoted_author(shown: Entity) -> str:
    """Who wrote what a post shows inside of it."""
    status = None if shown["quote"] is None else shown["quote"].get("quoted_status")
    return "" if status is None else str(status["account"]["id"])


def _values(status: Entity, shown: Entity, page: Page) -> dict[str, str]:
    """What changes. Names are those of the marks in parts/post.html."""
    replies, boosts, favourites = shown["replies_count"], shown["reblogs_count"], shown["favourites_count"]
    boosted, favourited, bookmarked = shown.get("reblogged"), shown.get("favourited"), shown.get("bookmarked")
    expand = page.viewer is not None and page.viewer.preferences.reading_expand_spoilers
    return {
        "id": f"post-{status['id']}",
        "ago": times.ago(shown["created_at"]),
        "replies": _count(replies),
        "boosts": _count(boosts),
        "favourites": _count(favourites),
        **_labels(shown, page),
        "react": "",
        "boosted": "true" if boosted else "false",
        "favourited": "true" if favourited else "false",
        "bookmarked": "true" if bookmarked else "false",
        "do_boost": "unreblog" if boosted else "reblog",
        "do_favourite": "unfavourite" if favourited else "favourite",
        "do_bookmark": "unbookmark" if bookmarked else "bookmark",
        "do_mute": "unmute" if shown.get("muted") else "mute",
        "say_mute": str(escape(say("Hear this thread again") if shown.get("muted") else say("Mute this thread"))),
        "do_pin": "unpin" if shown.get("pinned") else "pin",
        "say_pin": str(escape(say("Take off the profile") if shown.get("pinned") else say("Pin to profile"))),
        "open": " open" if expand else "",
        "cover": _cover(status["covered"]) if "covered" in status else "",
        "uncover": "</details>" if "covered" in status else "",
        "poll": _poll(shown, page) if shown["poll"] else "",
        "translate": _translate(shown, page),
        "reactions": _reactions(shown, page) if shown.get("emoji_reactions") else "",
    }


def _count(number: int) -> str:
    return numbers.compact(number) if number else ""


def _labels(shown: Entity, page: Page) -> dict[str, str]:
    """What the buttons under a post are called, with how many pressed them. The script says two of them (base.html)."""
    replies, boosts, favourites = shown["replies_count"], shown["reblogs_count"], shown["favourites_count"]
    n = numbers.compact(replies)
    if page.viewer is None or filters.allows(shown, "reply"):
        reply = say_number("Reply, %(n)s reply", "Reply, %(n)s replies", replies, n=n)
    else:
        reply = say_number(
            "You may not answer this post, %(n)s reply", "You may not answer this post, %(n)s replies", replies, n=n
        )
    boost = say_number("Boost, %(n)s boost", "Boost, %(n)s boosts", boosts, n=numbers.compact(boosts))
    favourite = say_number(
        "Favourite, %(n)s favourite", "Favourite, %(n)s favourites", favourites, n=numbers.compact(favourites)
    )
    return {"say_replies": escape(reply), "say_boosts": escape(boost), "say_favourites": escape(favourite)}


def _react() -> str:
    return str(_environment.get_template("parts/reactions.html").module.opener())  # type: ignore[attr-defined]


def _counts(shown: Entity) -> str:
    return str(_environment.get_template("parts/post.html").module.counts(shown))  # type: ignore[attr-defined]


def _poll(shown: Entity, page: Page) -> str:
    macro = _environment.get_template("parts/poll.html").module.poll  # type: ignore[attr-defined]
    return str(macro(shown, page))


def _translate(shown: Entity, page: Page) -> str:
    """For people who may not understand a post, where somebody translates."""
    if not page.site.translates or page.viewer is None or shown["visibility"] not in OPEN:
        return ""
    language = shown["language"]
    if language is None or _base(language) == _base(page.viewer.language):
        return ""
    macro = _environment.get_template("parts/post.html").module.translate  # type: ignore[attr-defined]
    return str(macro(shown))


def _base(language: str) -> str:
    return language.partition("-")[0].lower()


def _reactions(shown: Entity, page: Page) -> str:
    macro = _environment.get_template("parts/reactions.html").module.reactions  # type: ignore[attr-defined]
    return str(macro(shown, page))


def _cover(title: str) -> str:
    """What folds a post that matches a filter, and says which."""
    return str(_environment.get_template("parts/post.html").module.cover(title))  # type: ignore[attr-defined]


def _why(status: Entity, why: str, glyph: str, pinned: bool) -> str:
    """The line that says why a post is here."""
    if not (why or pinned or status["reblog"]):
        return ""
    macro = _environment.get_template("parts/post.html").module.reason  # type: ignore[attr-defined]
    return str(macro(status, why, glyph, pinned))


def _perch_classes(perch: Perch) -> str:
    names = f" perch d{perch.depth}"
    if perch.depth:
        names += " branch"
    return names if perch.has_answers else f"{names} leaf"
