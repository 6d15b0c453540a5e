"""What translation services answered, for a while: they cost money, or the CPU of a neighbour."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from federation.http.flights import Flights
from federation.http.kept import Kept

_SECONDS = 24 * 3600

# From a language, into which others.
Languages = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """As many pieces as were asked for, not yet sanitised, and the language that they were in."""

    pieces: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Memory:
    """Answers are sanitised. Each is of one version of a post, so an edit is asked for anew."""

    answers: Kept[Answer] = field(default_factory=lambda: Kept(seconds=_SECONDS, entries=500))
    languages: Kept[Languages] = field(default_factory=lambda: Kept(seconds=_SECONDS, entries=4))
    asking: Flights[Answer] = field(default_factory=Flights)
    asking_languages: Flights[Languages] = field(default_factory=Flights)
