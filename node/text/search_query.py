"""What somebody types to find posts: words, words with a minus, and operators such as `from:alice` or `-has:media`."""

import re
from typing import NamedTuple

from node import clock

OPERATORS = frozenset({"from", "before", "after", "during", "language", "has", "is", "in"})
MAX_TERMS = 20

_PART = re.compile(r"(-?)([a-z]+):(\S+)|(?<!\S)-(\w+)|\S+")
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)
_YEARS = range(1970, 2101)


class Term(NamedTuple):
    operator: str
    value: str
    is_negated: bool


class SearchQuery(NamedTuple):
    words: str
    unwanted: tuple[str, ...]
    terms: tuple[Term, ...]


def parse(text: str) -> SearchQuery:
    """What is no operator that is known is a word like any other."""
    words: list[str] = []
    unwanted: list[str] = []
    terms: list[Term] = []
    for match in _PART.finditer(text):
        minus, operator, value, word = match.groups()
        if operator in OPERATORS and len(terms) < MAX_TERMS:
            terms.append(Term(operator, value.strip('"').lower(), bool(minus)))
        elif word and len(unwanted) < MAX_TERMS:
            unwanted.append(word)
        else:
            words.append(match.group())
    return SearchQuery(" ".join(words), tuple(unwanted), tuple(terms))


def span(text: str) -> tuple[int, int] | None:
    """First and past the last millisecond (UTC) of a day, a month or a year: `2026-11-28`, `2026-11`, `2026`."""
    match = _DATE.fullmatch(text)
    if match is None or int(match[1]) not in _YEARS:
        return None
    year, month, day = match.groups()
    starts_at = clock.parse_iso(f"{year}-{month or '01'}-{day or '01'}")
    if starts_at is None:
        return None
    if day:
        return starts_at, starts_at + clock.DAY
    next_year, next_month = (int(year), int(month) + 1) if month and int(month) < 12 else (int(year) + 1, 1)
    ends_at = clock.parse_iso(f"{next_year}-{next_month:02}-01")
    return None if ends_at is None else (starts_at, ends_at)
