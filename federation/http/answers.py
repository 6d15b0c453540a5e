"""What another server answered, and what its answer means to whoever asked."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from yarl import URL

from federation.errors import BadStatus
from node import clock

_LONGEST_RETRY_AFTER_SECONDS = 7 * 24 * 3600


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
    raise BadStatus(URL(response.url).authority, response.status, retry_after)


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
