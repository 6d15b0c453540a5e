"""What a scenario found, and whether that is good enough."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`most` is the bar. Figures `of_speed` depend on the machine: only the long form is judged by them."""

    name: str
    value: float
    unit: str = ""
    most: float | None = None
    least: float | None = None
    of_speed: bool = False

    @property
    def is_good(self) -> bool:
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)

    @property
    def bar(self) -> str:
        if self.most is not None:
            return f"≤ {self.most:g}"
        return f"≥ {self.least:g}" if self.least is not None else ""


def seconds(name: str, value: float, most: float | None = None) -> Figure:
    return Figure(name=name, value=round(value, 3), unit="s", most=most, of_speed=True)


def cpu_seconds(name: str, value: float, most: float | None = None) -> Figure:
    """What the node itself spent. A machine that is busy with other things makes it grow, too, if much less than times.

    A bar holds on such a machine only if it is several times what was found on an idle one.
    """
    return Figure(name=name, value=round(value, 2), unit="s", most=most, of_speed=True)


def megabytes(name: str, value: float, most: float | None = None) -> Figure:
    return Figure(name=name, value=round(value / 1e6, 1), unit="MB", most=most, of_speed=True)


def none_of(name: str, count: int) -> Figure:
    """What must not happen."""
    return Figure(name=name, value=count, most=0)


def count(name: str, value: int, *, exactly: int | None = None) -> Figure:
    return Figure(name=name, value=value, most=exactly, least=exactly)


def percentile_95(values: Sequence[float]) -> float:
    return _percentile(values, 0.95)


def percentile_99(values: Sequence[float]) -> float:
    return _percentile(values, 0.99)


def _percentile(values: Sequence[float], part: float) -> float:
    return sorted(values)[min(int(len(values) * part), len(values) - 1)]


def spread(name: str, values: Sequence[float], *, median: float, p95: float) -> list[Figure]:
    """Median and 95th percentile, with their bars in seconds."""
    return [
        seconds(f"{name}, median", statistics.median(values), median),
        seconds(f"{name}, p95", percentile_95(values), p95),
    ]
