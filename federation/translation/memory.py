"""What translation services answered, for a while: they cost money, or the CPU of a neighbour."""

from dataclasses import dataclass, field

from federation.http.flights import Flights
from federation.http.kept import Kept
from federation.translation.service import Answer, Languages

_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Memory:
    """Answers are sanitised. Each is of one version of a post, so an edit is asked for anew."""

    answers: Kept[Answer] = field(default_factory=lambda: Kept(seconds=_SECONDS, entries=500))
    languages: Kept[Languages] = field(default_factory=lambda: Kept(seconds=_SECONDS, entries=4))
    asking: Flights[Answer] = field(default_factory=Flights)
    asking_languages: Flights[Languages] = field(default_factory=Flights)
