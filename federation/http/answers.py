"""What another server answered, and what its answer means to whoever asked."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from yarl import URL

from federation.errors import BadStatus
from node import clock

_LONGEST_RETRY_AFTER_SECONDS = 7 * 24 * 3600
# Threads takes signatures of so many minutes, and nobody we know of is stricter.
_FAR_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Response:
    """A 2xx answer. `url` is the final one, where redirects led."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get("Content-Type", "")


@dataclass(frozen=True, slots=True)
class Stream:
    """A 2xx answer whose body comes in `chunks`; `head.body` is empty."""

    head: Response
    chunks: AsyncIterator[bytes]


def successful(response: Response) -> Response:
    """`response`, if it is 2xx; else raises `BadStatus`, with the time after which to ask again."""
    if 200 <= response.status < 300:
        return response
    retry_after = _seconds_of(response.headers.get("Retry-After", ""))
    ahead = _ahead_minutes(response.headers.get("Date", ""))
    host = URL(response.url).host_port_subcomponent or ""
    raise BadStatus(host, response.status, retry_after, ahead_minutes=ahead)


def _ahead_minutes(date: str) -> int:
    """How far our clock is ahead of who wrote this `Date`; 0 for what is no date, or so near that signatures are good."""
    try:
        minutes = round((clock.now_ms() / 1000 - parsedate_to_datetime(date[:64]).timestamp()) / 60)
    except (ValueError, OverflowError):
        return 0
    return minutes if abs(minutes) >= _FAR_MINUTES else 0


def _seconds_of(retry_after: str) -> int | None:
    """`Retry-After`, seconds or a date (RFC 9110, section 10.2.3), bounded; None for anything else."""
    text = retry_after.strip()[:64]
    if text.isascii() and text.isdigit():
        return min(int(text), _LONGEST_RETRY_AFTER_SECONDS)
    try:
        seconds = int(parsedate_to_datetime(text).timestamp()) - clock.now_ms() // 1000
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0), _LONGEST_RETRY_AFTER_SECONDS)
