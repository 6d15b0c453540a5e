"""What every translation service is asked, and what it may answer."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeVar

import msgspec

from federation.errors import BadDocument
from federation.http.answers import Response
from federation.http.door import Door
from federation.translated import Answer, Languages

JSON: Final = "application/json"
MOST_BYTES: Final = 1 << 20
DEADLINE_SECONDS: Final = 15.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Account:
    """Ours, with the service."""

    url: str
    key: str


@dataclass(frozen=True, slots=True)
class Question:
    """Pieces of HTML. Without `source` the service is to find out."""

    pieces: tuple[str, ...]
    source: str | None
    target: str


class Service(NamedTuple):
    provider: str  # as people know it
    translate: Callable[[Door, Account, Question], Awaitable[Answer]]
    languages: Callable[[Door, Account], Awaitable[Languages]]


async def ask(door: Door, url: str, question: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    return await door.post(
        url,
        msgspec.json.encode(question),
        content_type=JSON,
        headers={"Accept": JSON} | dict(headers),
        max_bytes=MOST_BYTES,
        deadline_seconds=DEADLINE_SECONDS,
    )


async def read(door: Door, url: str, headers: Mapping[str, str]) -> Response:
    return await door.fetch(
        url, accept=JSON, headers=headers, max_bytes=MOST_BYTES, deadline_seconds=DEADLINE_SECONDS
    )


def parsed(response: Response, into: type[T]) -> T:
    """BadDocument unless the answer has that shape."""
    try:
        return msgspec.json.decode(response.body, type=into)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadDocument("The translation service answers in a way that is not understood.") from error
