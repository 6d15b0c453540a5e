"""What can be played: one module each, with `RULES` (of docs/reliability.md) and `run`."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Protocol

from tests.soak import backlog, fairness, flood, great_audience, listeners, mixed, stalls, tarpits, unreliable, viral
from tests.soak.figures import Figure


class Scenario(Protocol):
    __name__: str
    RULES: str

    @property
    def run(self) -> Callable[[Path, bool], Awaitable[list[Figure]]]: ...


SCENARIOS: Mapping[str, Scenario] = {
    "unreliable": unreliable,
    "tarpits": tarpits,
    "great_audience": great_audience,
    "backlog": backlog,
    "fairness": fairness,
    "flood": flood,
    "viral": viral,
    "stalls": stalls,
    "listeners": listeners,
    "mixed": mixed,
}
