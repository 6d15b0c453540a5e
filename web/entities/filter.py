"""Filter, its keywords and statuses, FilterResult, and the filters of the first version."""

from typing import Any

from node import clock
from node.models import FilterAction, FilterKeyword, FilterStatus
from node.services.filters.changes import FilterView
from node.services.filters.phrases import PhraseFilter
from node.services.filters.rules import Match

Entity = dict[str, Any]


def filter_entity(view: FilterView) -> Entity:
    row = view.filter
    return _head(row.id, row.title, row.contexts.split(), row.expires_at, row.action) | {
        "keywords": [keyword_entity(one) for one in view.keywords],
        "statuses": [filter_status_entity(one) for one in view.statuses],
    }


def keyword_entity(row: FilterKeyword) -> Entity:
    return {"id": str(row.id), "keyword": row.keyword, "whole_word": bool(row.whole_word)}


def filter_status_entity(row: FilterStatus) -> Entity:
    return {"id": str(row.id), "status_id": str(row.status_id)}


def result_entity(match: Match) -> Entity:
    """FilterResult: why a status is filtered."""
    rule = match.rule
    return {
        "filter": _head(rule.id, rule.title, rule.contexts, rule.expires_at, rule.action),
        "keyword_matches": list(match.keywords),
        "status_matches": [str(status_id) for status_id in match.status_ids],
    }


def phrase_filter_entity(view: PhraseFilter) -> Entity:
    """The first version's Filter."""
    row = view.filter
    return {
        "id": str(view.keyword.id),
        "phrase": view.keyword.keyword,
        "context": row.contexts.split(),
        "whole_word": bool(view.keyword.whole_word),
        "expires_at": _time(row.expires_at),
        "irreversible": row.action == FilterAction.HIDE,
    }


def _head(number: int, title: str, contexts: Any, expires_at: int | None, action: str) -> Entity:
    return {
        "id": str(number),
        "title": title,
        "context": [str(context) for context in contexts],
        "expires_at": _time(expires_at),
        "filter_action": str(action),
    }


def _time(ms: int | None) -> str | None:
    return None if ms is None else clock.iso(ms)
