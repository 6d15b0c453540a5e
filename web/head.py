"""What the head of an answer says beside what its handler sets: gathered on the way, written by `web/headers.py`.

One thing for each request, because each look for something that is not there costs every request a microsecond.
"""

from typing import NamedTuple

from aiohttp import web


class Budget(NamedTuple):
    """How much of it is left (web/rate_limit.py)."""

    limit: int
    remaining: int
    reset: str  # when, in ISO 8601


class Head:
    __slots__ = ("budget", "deprecation", "is_framed", "new_visitor", "request_id")

    def __init__(self, request_id: str = "") -> None:
        self.request_id = request_id
        self.budget: Budget | None = None
        self.deprecation = ""  # RFC 9745: `@` and unix seconds
        self.is_framed = False  # other sites may show the page inside of theirs
        self.new_visitor: str | None = None  # a visitor's new cookie (web/csrf.py)


_HEAD = web.RequestKey("head", Head)


def begin(request: web.Request, request_id: str) -> None:
    request[_HEAD] = Head(request_id)


def of(request: web.Request) -> Head:
    found = request.get(_HEAD)
    if found is None:  # what is no HTTP is answered without the middleware
        found = request[_HEAD] = Head()
    return found
