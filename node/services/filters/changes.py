"""Filters as their owner makes and changes them. Whoever reads is told at once (node/services/filters/rules.py)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from node import clock, streams
from node.errors import Invalid, NotFound
from node.models import Filter, FilterAction, FilterContext, FilterKeyword, FilterStatus
from node.services.filters import rules as filter_rules
from node.services.statuses import loading
from node.speech import said
from node.store import after_commit, in_ids
from node.text.phrases import folded

NOT_FOUND = "Record not found"
MAX_FILTERS = 100
# Of an account, in all of its filters together: each is looked for in each post.
MAX_KEYWORDS, MAX_STATUSES = 400, 1_000
MAX_TITLE_CHARS, MAX_KEYWORD_CHARS = 256, 512

_TOPIC = "control"


class FilterView(msgspec.Struct, eq=False):
    """A filter with what it matches, each in the order in which it was added."""

    filter: Filter
    keywords: list[FilterKeyword]
    statuses: list[FilterStatus]


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is None stays as it is; `expires_in` in seconds, None for never."""

    title: str | None = None
    contexts: Sequence[str] | None = None
    action: str | None = None
    expires_in: int | msgspec.UnsetType | None = msgspec.UNSET


@dataclass(frozen=True, kw_only=True)
class KeywordChange:
    """A new keyword, or with `id` a change of one, or its end."""

    keyword: str | None = None
    whole_word: bool | None = None
    id: int | None = None
    is_removed: bool = False


# ── filters ──


def of_account(account_id: int) -> list[FilterView]:
    return _views(list(Filter.select().where(Filter.account == account_id).order_by(Filter.id)))


def get(account_id: int, filter_id: int) -> FilterView:
    """NotFound for those of others."""
    (view,) = _views([_own(account_id, filter_id)])
    return view


def create(account_id: int, terms: Terms, keywords: Iterable[KeywordChange] = ()) -> FilterView:
    if Filter.select().where(Filter.account == account_id).count() >= MAX_FILTERS:
        raise Invalid(said("You have %(most)s filters, which is as many as there can be.", most=MAX_FILTERS))
    wanted = Terms(
        title=terms.title or "",
        contexts=terms.contexts or (),
        action=terms.action or FilterAction.WARN,
        expires_in=terms.expires_in,
    )
    row = Filter.create(account=account_id, created_at=clock.now_ms(), **_columns(wanted))
    _change_keywords(account_id, row.id, keywords)
    changed(account_id)
    return get(account_id, row.id)


def update(account_id: int, filter_id: int, terms: Terms, keywords: Iterable[KeywordChange] = ()) -> FilterView:
    """Change what is given; keywords that are not named stay."""
    _own(account_id, filter_id)
    if columns := _columns(terms):
        Filter.update(columns).where(Filter.id == filter_id).execute()
    _change_keywords(account_id, filter_id, keywords)
    changed(account_id)
    return get(account_id, filter_id)


def delete(account_id: int, filter_id: int) -> None:
    Filter.delete().where(Filter.id == _own(account_id, filter_id).id).execute()
    changed(account_id)


# ── keywords ──


def keyword(account_id: int, keyword_id: int) -> FilterKeyword:
    query = FilterKeyword.select(FilterKeyword).join(Filter, on=(Filter.id == FilterKeyword.filter))
    row = query.where(FilterKeyword.id == keyword_id, Filter.account == account_id).first()
    if row is None:
        raise NotFound(NOT_FOUND)
    return row


def add_keyword(account_id: int, filter_id: int, text: str, *, whole_word: bool = True) -> FilterKeyword:
    _own(account_id, filter_id)
    row = _add_keyword(account_id, filter_id, text, whole_word)
    changed(account_id)
    return row


def change_keyword(
    account_id: int, keyword_id: int, text: str | None = None, whole_word: bool | None = None
) -> FilterKeyword:
    """What is None stays."""
    row = keyword(account_id, keyword_id)
    row.keyword = row.keyword if text is None else checked_keyword(text)
    row.whole_word = row.whole_word if whole_word is None else whole_word
    FilterKeyword.update(keyword=row.keyword, whole_word=row.whole_word).where(FilterKeyword.id == row.id).execute()
    changed(account_id)
    return row


def remove_keyword(account_id: int, keyword_id: int) -> None:
    FilterKeyword.delete().where(FilterKeyword.id == keyword(account_id, keyword_id).id).execute()
    changed(account_id)


def checked_keyword(text: str) -> str:
    words = " ".join(text.split())
    if not folded(words):
        raise Invalid("Validation failed: Keyword can't be blank", {"keyword": "can't be blank"})
    if len(words) > MAX_KEYWORD_CHARS:
        reason = said("is too long (maximum is %(most)s characters)", most=MAX_KEYWORD_CHARS)
        raise Invalid(f"Validation failed: Keyword {reason}", {"keyword": reason})
    return words


# ── statuses ──


def status(account_id: int, row_id: int) -> FilterStatus:
    query = FilterStatus.select(FilterStatus).join(Filter, on=(Filter.id == FilterStatus.filter))
    row = query.where(FilterStatus.id == row_id, Filter.account == account_id).first()
    if row is None:
        raise NotFound(NOT_FOUND)
    return row


def add_status(account_id: int, filter_id: int, status_id: int) -> FilterStatus:
    """One that the owner may read. Twice changes nothing."""
    own = _own(account_id, filter_id)
    loading.get(account_id, status_id)
    row = FilterStatus.get_or_none((FilterStatus.filter == own.id) & (FilterStatus.status == status_id))
    if row is None:
        _require_room(account_id, FilterStatus, MAX_STATUSES, "posts")
        row = FilterStatus.create(filter=own.id, status=status_id)
        changed(account_id)
    return row


def remove_status(account_id: int, row_id: int) -> FilterStatus:
    """What it was."""
    row = status(account_id, row_id)
    FilterStatus.delete().where(FilterStatus.id == row.id).execute()
    changed(account_id)
    return row


# ── ──


def changed(account_id: int) -> None:
    """In the unit of work that changes a filter: nobody goes on with what was, and apps ask again."""
    filter_rules.forget(account_id)
    after_commit(lambda: filter_rules.forget(account_id))
    streams.publish((_TOPIC,), filter_rules.CHANGED, account_id)
    streams.publish((f"user:{account_id}",), filter_rules.CHANGED)


def _own(account_id: int, filter_id: int) -> Filter:
    row = Filter.get_or_none((Filter.id == filter_id) & (Filter.account == account_id))
    if row is None:
        raise NotFound(NOT_FOUND)
    return row


def _views(rows: list[Filter]) -> list[FilterView]:
    ids = [row.id for row in rows]
    views = {row.id: FilterView(row, [], []) for row in rows}
    if ids:
        for word in FilterKeyword.select().where(in_ids(FilterKeyword.filter, ids)).order_by(FilterKeyword.id):
            views[word.filter_id].keywords.append(word)
        for named in FilterStatus.select().where(in_ids(FilterStatus.filter, ids)).order_by(FilterStatus.id):
            views[named.filter_id].statuses.append(named)
    return list(views.values())


def _columns(terms: Terms) -> dict[str, Any]:
    """What `terms` change; Invalid for what cannot be."""
    columns: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    if terms.title is not None:
        columns["title"] = title = " ".join(terms.title.split())
        if not title:
            wrong["title"] = "can't be blank"
        elif len(title) > MAX_TITLE_CHARS:
            wrong["title"] = said("is too long (maximum is %(most)s characters)", most=MAX_TITLE_CHARS)
    if terms.contexts is not None:
        columns["contexts"] = " ".join(one for one in FilterContext if one in terms.contexts)
        if not terms.contexts or not set(terms.contexts) <= set(FilterContext):
            wrong["context"] = "can't be blank" if not terms.contexts else "is not known"
    if terms.action is not None:
        columns["action"] = terms.action
        if terms.action not in list(FilterAction):
            wrong["filter_action"] = "is not included in the list"
    if terms.expires_in is not msgspec.UNSET:
        seconds = terms.expires_in
        columns["expires_at"] = None if seconds is None else clock.now_ms() + seconds * clock.SECOND
    if wrong:
        summary = ", ".join(f"{field.replace('_', ' ').capitalize()} {reason}" for field, reason in wrong.items())
        raise Invalid(f"Validation failed: {summary}", wrong)
    return columns


def _change_keywords(account_id: int, filter_id: int, changes: Iterable[KeywordChange]) -> None:
    for one in changes:
        if one.id is None:
            if not one.is_removed:
                _add_keyword(account_id, filter_id, one.keyword or "", one.whole_word is not False)
            continue
        row = keyword(account_id, one.id)
        if row.filter_id != filter_id:
            raise NotFound(NOT_FOUND)
        if one.is_removed:
            FilterKeyword.delete().where(FilterKeyword.id == row.id).execute()
        else:
            change_keyword(account_id, row.id, one.keyword, one.whole_word)


def _add_keyword(account_id: int, filter_id: int, text: str, whole_word: bool) -> FilterKeyword:
    _require_room(account_id, FilterKeyword, MAX_KEYWORDS, "keywords")
    return FilterKeyword.create(filter=filter_id, keyword=checked_keyword(text), whole_word=whole_word)


def _require_room(account_id: int, model: Any, most: int, what: str) -> None:
    query = model.select().join(Filter, on=(Filter.id == model.filter)).where(Filter.account == account_id)
    if query.count() >= most:
        raise Invalid(
            said("Your filters have %(most)s %(what)s, which is as many as there can be.", most=most, what=what)
        )
