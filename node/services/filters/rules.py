"""The filters of an account as they are matched, once a page: remembered, and forgotten when they change.

rules = filter_rules.active(account_id)
matches = filter_rules.matching(rules, body)
"""

from collections.abc import Iterable
from typing import Any

import msgspec
import peewee

from node import clock
from node.models import Filter, FilterAction, FilterContext, FilterKeyword, FilterStatus
from node.services.caching.cache import Cache
from node.services.statuses.bodies import StatusBody
from node.store import Prepared, param
from node.text.phrases import Phrase, folded, phrase
from node.text.plain import plain_text

CHANGED = "filters_changed"
# Between two parts of a post no phrase goes on: folded text has no line breaks.
_BREAK = "\n"


class Rule(msgspec.Struct, frozen=True):
    """One filter."""

    id: int
    title: str
    action: FilterAction
    contexts: tuple[FilterContext, ...]
    expires_at: int | None
    phrases: tuple[Phrase, ...] = ()
    status_ids: frozenset[int] = frozenset()


class Match(msgspec.Struct, frozen=True):
    """Why a status is filtered."""

    rule: Rule
    keywords: tuple[str, ...]
    status_ids: tuple[int, ...]


class _Rules(msgspec.Struct, frozen=True):
    account_id: int
    rules: tuple[Rule, ...]


def active(account_id: int) -> tuple[Rule, ...]:
    """Those that have not expired."""
    known = _cache.get(account_id, _load)
    if known is None or not known.rules:
        return ()
    now = clock.now_ms()
    return tuple([rule for rule in known.rules if rule.expires_at is None or rule.expires_at > now])


def matching(rules: Iterable[Rule], body: StatusBody) -> tuple[Match, ...]:
    text = words_of(body)
    found = []
    for rule in rules:
        keywords = tuple([one.keyword for one in rule.phrases if one.is_in(text)])
        named = (body.id,) if body.id in rule.status_ids else ()
        if keywords or named:
            found.append(Match(rule, keywords, named))
    return tuple(found)


def words_of(body: StatusBody) -> str:
    """All that a status says, folded; kept with its body."""
    known: str | None = body.memo.get("folded")
    if known is None:
        parts = [
            body.spoiler_text,
            plain_text(body.content),
            *([] if body.poll is None else [option.title for option in body.poll.options]),
            *(media.description for media in body.media),
            # A tag need not stand in the text, where other servers are concerned.
            " ".join(f"#{tag.key}" for tag in body.tags),
        ]
        known = body.memo["folded"] = _BREAK.join(folded(part) for part in parts if part)
    return known


def strongest(matches: Iterable[Match], context: FilterContext) -> Match | None:
    """The match that decides about a post that is read in `context`."""
    order = list(FilterAction)
    here = [match for match in matches if context in match.rule.contexts]
    return max(here, key=lambda match: order.index(match.rule.action), default=None)


def is_hidden(matches: Iterable[Match], context: FilterContext) -> bool:
    return any(match.rule.action is FilterAction.HIDE and context in match.rule.contexts for match in matches)


# ── what is remembered ──

_cache: Cache[int, _Rules] = Cache(seconds=60)


def forget(account_id: int) -> None:
    _cache.discard_where(lambda one: one.account_id == account_id)


def forget_all() -> None:
    _cache.clear()


_Row = tuple[int, str, str, str, int | None, str | None, bool | None, int | None]


def _rows() -> Any:
    """Filters with their keywords, and then with their statuses, in one question."""
    head = (Filter.id, Filter.title, Filter.action, Filter.contexts, Filter.expires_at)
    own = Filter.account == param("account")
    no_keyword = (peewee.SQL("CAST(NULL AS TEXT)"), peewee.SQL("CAST(NULL AS BOOLEAN)"))
    words = (
        Filter.select(*head, FilterKeyword.keyword, FilterKeyword.whole_word, peewee.SQL("CAST(NULL AS BIGINT)"))
        .join(FilterKeyword, on=(FilterKeyword.filter == Filter.id))
        .where(own)
    )
    named = Filter.select(*head, *no_keyword, FilterStatus.status).join(
        FilterStatus, on=(FilterStatus.filter == Filter.id)
    )
    return words.union_all(named.where(own))


_ROWS: Prepared[_Row] = Prepared(_rows, lambda *row: row)


def _load(account_id: int) -> _Rules:
    rules: dict[int, Rule] = {}
    phrases: dict[int, list[Phrase]] = {}
    named: dict[int, list[int]] = {}
    for number, title, action, contexts, expires_at, keyword, whole_word, status_id in _ROWS.all(account=account_id):
        rules[number] = Rule(
            number, title, FilterAction(action), tuple(map(FilterContext, contexts.split())), expires_at
        )
        if keyword is not None:
            phrases.setdefault(number, []).append(phrase(keyword, whole_word=bool(whole_word)))
        if status_id is not None:
            named.setdefault(number, []).append(status_id)
    complete = [
        msgspec.structs.replace(
            rules[number],
            phrases=tuple(phrases.get(number, ())),
            status_ids=frozenset(named.get(number, ())),
        )
        for number in sorted(rules)
    ]
    return _Rules(account_id, tuple(complete))
