"""The operators of a search as conditions on statuses. A value that makes no sense finds nothing."""

from collections.abc import Callable
from typing import Any

from peewee import fn

from node import ids
from node.models import Account, Bookmark, Favourite, MediaAttachment, Poll, Status, Visibility
from node.models import search as index
from node.models.access import exists, mentioned
from node.services.accounts import lookup as account_lookup
from node.text.search_query import SearchQuery, Term, span

_NOTHING = Status.id < 0
# What somebody keeps, by where it is to be looked for.
_KEPT: dict[str, Any] = {"bookmarks": Bookmark, "favourites": Favourite}
_KINDS = {"image": ("image",), "video": ("video", "gifv"), "audio": ("audio",)}


def conditions(query: SearchQuery, viewer_id: int) -> list[Any]:
    """What a status must fulfil besides holding the words."""
    found = [_condition(term, viewer_id) for term in query.terms]
    return found + [~index.matches(Status.id, index.text_of([word.lower()], begun=False)) for word in query.unwanted]


def is_bounded(query: SearchQuery) -> bool:
    """Whether what is to be looked through has an end without any word: one author's posts, or what is one's own."""
    return any(
        not term.is_negated
        and (term.operator == "from" or (term.operator == "in" and term.value in ("library", *_KEPT)))
        for term in query.terms
    )


def in_library(viewer_id: int) -> Any:
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


def _condition(term: Term, viewer_id: int) -> Any:
    condition = _OPERATORS[term.operator](term.value, viewer_id)
    if condition is None:
        return _NOTHING
    return ~condition if term.is_negated else condition


def _from(handle: str, viewer_id: int) -> Any:
    if handle == "me":
        return Status.account == viewer_id
    name, _, domain = handle.lstrip("@").partition("@")
    account = account_lookup.find(name, domain) if domain else account_lookup.find_here(name)
    return None if account is None else Status.account == account.id


def _before(date: str, _: int) -> Any:
    days = span(date)
    return None if days is None else Status.id < ids.first_id_at(days[0])


def _after(date: str, _: int) -> Any:
    days = span(date)
    return None if days is None else Status.id >= ids.first_id_at(days[1])


def _during(date: str, _: int) -> Any:
    days = span(date)
    return None if days is None else Status.id.between(ids.first_id_at(days[0]), ids.first_id_at(days[1]) - 1)


def _language(code: str, _: int) -> Any:
    spoken = fn.COALESCE(Status.language, "")
    return (spoken == code) | spoken.startswith(f"{code}-")


def _has(what: str, _: int) -> Any:
    if what == "media":
        return exists(MediaAttachment, MediaAttachment.status == Status.id)
    if what in _KINDS:
        return exists(MediaAttachment, MediaAttachment.status == Status.id, MediaAttachment.kind.in_(_KINDS[what]))
    if what == "poll":
        return exists(Poll, Poll.status == Status.id)
    return Status.card.is_null(False) if what in ("embed", "link") else None


def _is(what: str, _: int) -> Any:
    if what == "reply":
        return Status.in_reply_to_uri != ""
    return Status.sensitive | (Status.spoiler_text != "") if what == "sensitive" else None


def _in(where: str, viewer_id: int) -> Any:
    if where == "library":
        return in_library(viewer_id)
    if where == "public":
        return in_public()
    if where in _KEPT:
        row = _KEPT[where]
        return Status.id.in_(row.select(row.status).where(row.account == viewer_id))
    return Status.id > 0 if where == "all" else None


_OPERATORS: dict[str, Callable[[str, int], Any]] = {
    "from": _from,
    "before": _before,
    "after": _after,
    "during": _during,
    "language": _language,
    "has": _has,
    "is": _is,
    "in": _in,
}
