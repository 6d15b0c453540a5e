"""Filters as the first client API knows them: one phrase each. Each is a keyword of a filter, and has its id."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from node.errors import Invalid
from node.models import Filter, FilterAction, FilterKeyword, FilterStatus
from node.services.filters import changes as filters
from node.services.filters.changes import KeywordChange, Terms


class PhraseFilter(msgspec.Struct, eq=False):
    keyword: FilterKeyword
    filter: Filter


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is None stays as it is; `expires_in` in seconds, None for never. `irreversible` hides."""

    phrase: str | None = None
    contexts: Sequence[str] | None = None
    whole_word: bool | None = None
    irreversible: bool | None = None
    expires_in: int | msgspec.UnsetType | None = msgspec.UNSET


def of_account(account_id: int) -> list[PhraseFilter]:
    return [PhraseFilter(word, view.filter) for view in filters.of_account(account_id) for word in view.keywords]


def get(account_id: int, keyword_id: int) -> PhraseFilter:
    word = filters.keyword(account_id, keyword_id)
    return PhraseFilter(word, filters.get(account_id, word.filter_id).filter)


def create(account_id: int, wish: Wish) -> PhraseFilter:
    phrase = filters.checked_keyword(wish.phrase or "")
    terms = Terms(
        title=phrase[: filters.MAX_TITLE_CHARS],
        contexts=wish.contexts or (),
        action=FilterAction.HIDE if wish.irreversible else FilterAction.WARN,
        expires_in=wish.expires_in,
    )
    made = filters.create(account_id, terms, [KeywordChange(keyword=phrase, whole_word=bool(wish.whole_word))])
    return PhraseFilter(made.keywords[0], made.filter)


def update(account_id: int, keyword_id: int, wish: Wish) -> PhraseFilter:
    """Of a filter with several keywords only the keyword can be changed here: the rest is the others', too."""
    known = get(account_id, keyword_id)
    own = filters.get(account_id, known.filter.id)
    terms = _terms(wish, known)
    if terms != Terms() and len(own.keywords) > 1:
        raise Invalid("This filter has several keywords. Please change it in an app that knows such filters.")
    filters.update(
        account_id,
        own.filter.id,
        terms,
        [KeywordChange(id=keyword_id, keyword=wish.phrase, whole_word=wish.whole_word)],
    )
    return get(account_id, keyword_id)


def delete(account_id: int, keyword_id: int) -> None:
    """With its last keyword a filter goes, unless it names statuses."""
    filter_id = filters.keyword(account_id, keyword_id).filter_id
    filters.remove_keyword(account_id, keyword_id)
    if not any(model.select().where(model.filter == filter_id).exists() for model in (FilterKeyword, FilterStatus)):
        filters.delete(account_id, filter_id)


def _terms(wish: Wish, known: PhraseFilter) -> Terms:
    """What would change; apps send everything again."""
    row = known.filter
    action = None
    if wish.irreversible is not None and wish.irreversible != (row.action == FilterAction.HIDE):
        action = FilterAction.HIDE if wish.irreversible else FilterAction.WARN
    same_contexts = wish.contexts is None or set(wish.contexts) == set(row.contexts.split())
    endless = wish.expires_in is None and row.expires_at is None
    return Terms(
        contexts=None if same_contexts else wish.contexts,
        action=action,
        expires_in=msgspec.UNSET if endless else wish.expires_in,
    )
