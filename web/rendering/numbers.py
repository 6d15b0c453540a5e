"""Numbers as the reader's language writes them."""

from typing import NamedTuple

from node import speech
from node.speech import say


class _Marks(NamedTuple):
    thousands: str
    decimal: str


_MARKS = {
    "en": _Marks(",", "."),
    "de": _Marks(".", ","),
    "es": _Marks(".", ","),
    "fr": _Marks("\N{NARROW NO-BREAK SPACE}", ","),
}


def number(value: int) -> str:
    """`1,284`"""
    return f"{value:,}".replace(",", _marks().thousands)


def compact(value: int) -> str:
    """`1,284`, `12.3k`, `212k`, `4.1M`: for small places."""
    if value < 10_000:
        return number(value)
    if value >= 999_500:  # what would be written as 1000k
        return say("%(millions)sM", millions=_share(value / 1_000_000))
    return say("%(thousands)sk", thousands=_share(value / 1_000))


def size(size_bytes: int) -> str:
    """`940 KiB`, `1.7 GiB`"""
    # Half of a unit less: what would be written as 1024 of the smaller one is one of the larger.
    if size_bytes >= (1 << 30) - (1 << 19):
        return say("%(size)s GiB", size=_share(size_bytes / (1 << 30)))
    if size_bytes >= (1 << 20) - (1 << 9):
        return say("%(size)s MiB", size=_share(size_bytes / (1 << 20)))
    return say("%(size)s KiB", size=_share(size_bytes / (1 << 10)))


def milliseconds(value: int) -> str:
    """`92 ms`, `2.4 s`"""
    return say("%(ms)s ms", ms=value) if value < 1000 else say("%(seconds)s s", seconds=_share(value / 1000))


def _share(share: float) -> str:
    text = f"{share:.1f}".removesuffix(".0") if share < 100 else f"{share:.0f}"
    return text.replace(".", _marks().decimal)


def _marks() -> _Marks:
    return _MARKS.get(speech.spoken(), _MARKS["en"])
