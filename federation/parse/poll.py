"""Polls: the choices of a Question and their totals, which only its owner may tell."""

from dataclasses import dataclass

from federation.parse import as2
from federation.parse.as2 import Document
from node import clock

MAX_OPTIONS = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedOption:
    """`title` is plain text, compared exactly with the name of a vote."""

    title: str
    votes: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedPoll:
    """Times are unix milliseconds. Without `expires_at` it runs until its owner ends it (Misskey)."""

    options: tuple[ParsedOption, ...]
    multiple: bool = False
    voters_count: int | None = None
    expires_at: int | None = None
    closed: bool = False


def parse_poll(question: Document) -> ParsedPoll | None:
    """None for what offers no choice."""
    any_of = _options(question.get("anyOf"))
    options = any_of or _options(question.get("oneOf"))
    if not options:
        return None
    ended = question.get("closed")
    ended_at = clock.parse_iso(ended)
    return ParsedPoll(
        options=options,
        multiple=bool(any_of),
        voters_count=as2.count(question.get("votersCount")),
        expires_at=clock.parse_iso(question.get("endTime")) or ended_at,
        closed=ended is True or (ended_at is not None and ended_at <= clock.now_ms()),
    )


def _options(value: object) -> tuple[ParsedOption, ...]:
    options: dict[str, ParsedOption] = {}
    for item in as2.many(value, MAX_OPTIONS):
        title = as2.natural(item, "name") if type(item) is dict else ""
        if title:
            options.setdefault(title, ParsedOption(title=title, votes=_votes(item)))
    return tuple(options.values())


def _votes(option: Document) -> int:
    votes = as2.total_of(option.get("replies"))
    return votes if votes is not None else as2.count(option.get("_misskey_votes")) or 0
