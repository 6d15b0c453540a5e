"""The only clock. Times are unix milliseconds in UTC; text exists only at the edges."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

# The end of the year 9999 is the last moment that every format we write can hold.
LATEST_MS = 253_402_300_799_999

_frozen_ms: int | None = None

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|z|[+-]\d\d:?\d\d)?)?$",
    re.ASCII,
)


def now_ms() -> int:
    """Unix milliseconds."""
    return time.time_ns() // 1_000_000 if _frozen_ms is None else _frozen_ms


def now() -> datetime:
    return from_ms(now_ms())


def from_ms(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def iso(ms: int) -> str:
    """`2026-11-24T18:19:51.000Z`, the one form that every client and peer reads."""
    seconds, rest = divmod(ms, 1000)
    return f"{_second(seconds)}.{rest:03d}Z"


@lru_cache(maxsize=4096)
def _second(seconds: int) -> str:
    """The same few moments are told again and again, and a calendar takes ten times as long as memory."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()[:19]


def iso_seconds(ms: int) -> str:
    """`2026-11-24T18:19:51Z`, for what somebody compares with the time as they would write it themselves."""
    return f"{from_ms(ms).isoformat()[:19]}Z"


def day(ms: int) -> str:
    """`2026-11-24`"""
    return from_ms(ms).isoformat()[:10]


def parse_iso(text: object) -> int | None:
    """Unix milliseconds of an RFC 3339 time or date, or None for anything else, years before 1970 included.

    A time without an offset is taken as UTC (several servers leave it out).
    """
    if not isinstance(text, str) or len(text) > 40:
        return None
    match = _ISO.match(text.strip())
    if not match:
        return None
    year, month, dom, hour, minute, second, fraction, offset = match.groups(default="0")
    try:
        # A leap second has no place in unix time: it is the last moment of its minute.
        parsed = datetime(int(year), int(month), int(dom), int(hour), int(minute), min(int(second), 59), tzinfo=UTC)
    except ValueError:
        return None
    ms = int(parsed.timestamp()) * 1000 + int(fraction[:3].ljust(3, "0"))
    if offset[0] in "+-":
        minutes = int(offset[1:3]) * 60 + int(offset[-2:])
        ms -= (minutes if offset[0] == "+" else -minutes) * MINUTE
    return ms if 0 <= ms <= LATEST_MS else None


@contextmanager
def frozen(ms: int) -> Iterator[None]:
    """For tests: time stands at `ms` inside the block."""
    global _frozen_ms
    before, _frozen_ms = _frozen_ms, ms
    try:
        yield
    finally:
        _frozen_ms = before
