"""The operators of a search as conditions on statuses. A value that makes no sense finds nothing.

A query is told apart into kinds of conditions, for which SQL is built once, and the values in it. Between which ids a
post must be is not among them: that bounds the page, so that nobody looks through what is newer.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import peewee
from peewee import fn

from node import ids
from node.models import Account, Bookmark, Favourite, MediaAttachment, Poll, Status, Visibility
from node.models import search as index
from node.models.access import exists, mentioned
from node.paging import Page
from node.services.accounts import lookup as account_lookup
from node.store import param
from node.text.search_query import SearchQuery, Term, span

# What somebody keeps, by where it is to be looked for.
_KEPT: dict[str, Any] = {"bookmarks": Bookmark, "favourites": Favourite}


class Kind(NamedTuple):
    """A condition without its values, of which it has so many `places`."""

    name: str
    places: int
    is_negated: bool


class Part(NamedTuple):
    """A condition with its values. Negated or not, "nothing" holds for no status."""

    name: str
    values: tuple[Any, ...] = ()
    is_negated: bool = False

    @property
    def kind(self) -> Kind:
        return Kind(self.name, len(self.values), self.is_negated)


def parts_of(query: SearchQuery, viewer_id: int) -> list[Part]:
    """What a status must fulfil besides holding the words and being in `bounded`."""
    parts = [_part(term, viewer_id) for term in query.terms if not _bounds(term)]
    without = [index.text_of([word.lower()], begun=False) for word in query.unwanted]
    return parts + [Part("words", (text,), is_negated=True) for text in without]


def conditions(kinds: Iterable[Kind]) -> Iterator[Any]:
    """With the places of the values that `values_of` names. The reader is the parameter `viewer`."""
    for number, kind in enumerate(kinds):
        condition = _CONDITIONS[kind.name](*(param(_name(number, i)) for i in range(kind.places)))
        yield ~condition if kind.is_negated else condition


def values_of(parts: Iterable[Part]) -> dict[str, Any]:
    return {_name(number, i): value for number, part in enumerate(parts) for i, value in enumerate(part.values)}


def _name(part: int, value: int) -> str:
    return f"part{part}_{value}"


def bounded(page: Page, query: SearchQuery) -> Page:
    """The page with what the query says of when a post was written."""
    for first, end in filter(None, map(_bounds, query.terms)):
        page = replace(page, max_id=min(page.max_id, end), since_id=max(page.since_id, first - 1))
    return page


def is_bounded(query: SearchQuery) -> bool:
    """Whether what is to be looked through has an end without any word: one author's posts, or what is one's own."""
    return any(
        not term.is_negated
        and (term.operator == "from" or (term.operator == "in" and term.value in ("library", *_KEPT)))
        for term in query.terms
    )


def in_library(viewer_id: Any) -> Any:
    """What somebody wrote, was named in, favourited or bookmarked."""
    return (
        (Status.account == viewer_id)
        | mentioned(viewer_id, Status)
        | exists(Favourite, Favourite.status == Status.id, Favourite.account == viewer_id)
        | exists(Bookmark, Bookmark.status == Status.id, Bookmark.account == viewer_id)
    )


def in_public() -> Any:
    """What its author offers to be found by everybody."""
    return (Status.visibility == Visibility.PUBLIC) & Account.indexable & Account.silenced_at.is_null()


# ── from what was typed to parts ──


def _part(term: Term, viewer_id: int) -> Part:
    values: tuple[Any, ...] | None = ()
    name = f"{term.operator}:{term.value}"
    if term.operator in _VALUES:
        name, values = term.operator, _VALUES[term.operator](term.value, viewer_id)
    return Part(name, values, term.is_negated) if values is not None and name in _CONDITIONS else Part("nothing")


def _from(handle: str, viewer_id: int) -> tuple[int] | None:
    if handle == "me":
        return (viewer_id,)
    name, _, domain = handle.lstrip("@").partition("@")
    account = account_lookup.find(name, domain) if domain else account_lookup.find_here(name)
    return None if account is None else (account.id,)


def _language(code: str, _: int) -> tuple[str, str] | None:
    """Itself, and how its regions look to LIKE."""
    return (code, f"{code}-%") if code.replace("-", "").isalnum() else None


def _times(date: str, _: int) -> tuple[int, int] | None:
    """The first id of that time, and the first after it."""
    days = span(date)
    return None if days is None else (ids.first_id_at(days[0]), ids.first_id_at(days[1]))


def _bounds(term: Term) -> tuple[int, int] | None:
    """The first id that may be, and the first that may not; None where that is no part of time."""
    times = _times(term.value, 0) if term.operator in _TIMES and not term.is_negated else None
    if times is None:
        return None
    first, end = times
    return {"before": (1, first), "after": (end, _LAST), "during": (first, end)}[term.operator]


_LAST = (1 << 63) - 1
_TIMES = ("before", "after", "during")
_VALUES: dict[str, Callable[[str, int], tuple[Any, ...] | None]] = {
    "from": _from,
    "language": _language,
    **dict.fromkeys(_TIMES, _times),
}

# ── what the parts are in SQL ──


def _spoken(code: Any, regions: Any) -> Any:
    spoken = fn.COALESCE(Status.language, "")
    return (spoken == code) | peewee.Expression(spoken, peewee.OP.ILIKE, regions)


def _media(*kinds: str) -> Any:
    chosen = (MediaAttachment.kind.in_(kinds),) if kinds else ()
    return exists(MediaAttachment, MediaAttachment.status == Status.id, *chosen)


def _in_kept(model: Any) -> Any:
    return Status.id.in_(model.select(model.status).where(model.account == param("viewer")))


_CONDITIONS: dict[str, Callable[..., Any]] = {
    "nothing": lambda: Status.id < 0,
    "words": lambda text: index.matches(Status.id, text),
    "from": lambda account: Status.account == account,
    "before": lambda first, _: Status.id < first,
    "after": lambda _, end: Status.id >= end,
    "during": lambda first, end: (Status.id >= first) & (Status.id < end),
    "language": _spoken,
    "has:media": _media,
    "has:image": lambda: _media("image"),
    "has:video": lambda: _media("video", "gifv"),
    "has:audio": lambda: _media("audio"),
    "has:poll": lambda: exists(Poll, Poll.status == Status.id),
    "has:embed": lambda: Status.card.is_null(False),
    "has:link": lambda: Status.card.is_null(False),
    "is:reply": lambda: Status.in_reply_to_uri != "",
    "is:sensitive": lambda: Status.sensitive | (Status.spoiler_text != ""),
    "in:library": lambda: in_library(param("viewer")),
    "in:public": in_public,
    "in:all": lambda: Status.id > 0,
    "in:bookmarks": lambda: _in_kept(Bookmark),
    "in:favourites": lambda: _in_kept(Favourite),
}
