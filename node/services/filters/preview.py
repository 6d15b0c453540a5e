"""What a filter would have done: it is held against the home timeline of the last week, saved or not."""

from collections.abc import Iterable

import msgspec

from node import clock, ids
from node.models import FilterAction
from node.paging import Page
from node.services import timelines
from node.services.filters import rules as filter_rules
from node.services.filters.changes import MAX_KEYWORDS, checked_keyword
from node.services.filters.rules import Rule
from node.services.statuses import view as status_view
from node.text.phrases import phrase

_LOOKED_AT, _SHOWN = 400, 5


class Preview(msgspec.Struct, frozen=True):
    """`status_ids`: the newest of those that match."""

    looked_at: int
    matched: int
    status_ids: tuple[int, ...]


def last_week(account_id: int, keywords: Iterable[tuple[str, bool]], status_ids: Iterable[int] = ()) -> Preview:
    """`keywords`: each with whether it is a whole word. The newest 400 posts of the week are looked at."""
    words = tuple([phrase(checked_keyword(text), whole_word=whole) for text, whole in keywords][:MAX_KEYWORDS])
    rule = Rule(0, "", FilterAction.WARN, (), None, words, frozenset(status_ids))
    since = ids.first_id_at(clock.now_ms() - 7 * clock.DAY)
    found = timelines.home(account_id, Page(limit=_LOOKED_AT, since_id=since))
    views = status_view.load(found, account_id)
    matched = [view.id for view in views if not view.shown.is_own and filter_rules.matching((rule,), view.shown.body)]
    return Preview(len(views), len(matched), tuple(matched[:_SHOWN]))
