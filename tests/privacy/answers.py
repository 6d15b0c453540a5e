"""Answers as an outsider could compare them: status, headers and body, without what differs from request to request."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from tests.web.conftest import Client, Headers

# Time, counting and tracing: they say nothing about what was asked for.
_PASSING = frozenset(
    {"date", "x-request-id", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "etag"}
)


# Drawn at random for each page: the name of a draft to come, and what a passkey would sign.
_DRAWN = re.compile(r"""(?<=name="draft" value=")[\w-]{16}(?=")|(?<=&#34;challenge&#34;:&#34;)[\w-]+""")


class Answer(NamedTuple):
    status: int
    headers: tuple[tuple[str, str], ...]
    body: str

    @property
    def text(self) -> str:
        """All that can be read in it."""
        return "\n".join([*(f"{name}: {value}" for name, value in self.headers), self.body])


@dataclass(frozen=True)
class Reader:
    """Somebody who asks, and how the node knows who it is."""

    name: str
    headers: Mapping[str, str]

    def asking(self, **more: str) -> Headers:
        return {**self.headers, **more}


async def ask(client: Client, reader: Reader, method: str, path: str, **options: Any) -> Answer:
    # Packed, an answer is as long as chance has it (web/encodings.py).
    headers = {"Accept-Encoding": "identity", **reader.asking(**options.pop("headers", {}))}
    async with client.request(method, path, headers=headers, **options) as response:
        kept = sorted((name, value) for name, value in response.headers.items() if name.lower() not in _PASSING)
        return Answer(response.status, tuple(kept), _DRAWN.sub("", await response.text()))


def about(answer: Answer, an_id: int) -> Answer:
    """The answer with the id that it is about taken out, so that answers about two ids can be compared."""
    number = str(an_id)
    headers = tuple((name, value.replace(number, "ID")) for name, value in answer.headers)
    return Answer(answer.status, headers, answer.body.replace(number, "ID"))
