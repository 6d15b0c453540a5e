"""The tables of routes of the API: a path, its handler, and what the handler is given, in order (web/inputs.py).

    ROUTES = [
        route.get("/api/v1/lists/{id}/accounts", members, person("read:lists"), paged(40, 80)),
        route.post("/api/v1/lists", create, person("write:lists"), takes(_New)),
    ]

    async def create(request: web.Request, viewer: Viewer, wish: _New) -> web.Response: ...

Whoever may not ask is refused before anything is read. mypy checks that a handler takes what its route gives it.
`since="2022-11-14"` says that Mastodon gave a route up on that day; apps are told so, and it works on.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar, overload

from aiohttp import web

from node import clock
from web import head, revalidation
from web.inputs import Input

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
Answer: TypeAlias = Awaitable[web.StreamResponse]
Handler: TypeAlias = Callable[[web.Request], Answer]


@dataclass(frozen=True)
class Route(web.AbstractRouteDef):
    method: str
    path: str
    calls: Callable[..., Answer]
    inputs: tuple[Input[Any], ...]
    deprecated_since: str = ""

    @property
    def is_public(self) -> bool:
        """Anybody may read it, and those who are nobody all read the same."""
        return self.method == "GET" and not any(one.is_required for one in self.inputs)

    def register(self, router: web.UrlDispatcher) -> list[web.AbstractRoute]:
        answer = _with_inputs(self.calls, self.inputs)
        if self.is_public:
            answer = _revalidated(answer)
        if self.deprecated_since:
            answer = _deprecated(answer, self.deprecated_since)
        return web.RouteDef(self.method, self.path, answer, {}).register(router)


def _with_inputs(calls: Callable[..., Answer], inputs: tuple[Input[Any], ...]) -> Handler:
    if any(one.is_awaited for one in inputs):

        async def answer_later(request: web.Request) -> web.StreamResponse:
            values = []
            for one in inputs:
                value = one.take(request)
                values.append(await value if one.is_awaited else value)
            return await calls(request, *values)

        return answer_later
    takes = [one.take for one in inputs]

    async def answer(request: web.Request) -> web.StreamResponse:
        return await calls(request, *[take(request) for take in takes])

    return answer


def _revalidated(answer: Handler) -> Handler:
    async def once(request: web.Request) -> web.StreamResponse:
        return revalidation.offer(request, await answer(request))

    return once


def _deprecated(answer: Handler, since: str) -> Handler:
    """Refusals say it, too."""
    value = f"@{(clock.parse_iso(since) or 0) // clock.SECOND}"

    async def warn(request: web.Request) -> web.StreamResponse:
        head.of(request).deprecation = value
        return await answer(request)

    return warn


class _Method:
    def __init__(self, name: str) -> None:
        self._name = name

    @overload
    def __call__(self, path: str, calls: Handler, /, *, since: str = ...) -> Route: ...
    @overload
    def __call__(
        self, path: str, calls: Callable[[web.Request, A], Answer], a: Input[A], /, *, since: str = ...
    ) -> Route: ...
    @overload
    def __call__(
        self,
        path: str,
        calls: Callable[[web.Request, A, B], Answer],
        a: Input[A],
        b: Input[B],
        /,
        *,
        since: str = ...,
    ) -> Route: ...
    @overload
    def __call__(
        self,
        path: str,
        calls: Callable[[web.Request, A, B, C], Answer],
        a: Input[A],
        b: Input[B],
        c: Input[C],
        /,
        *,
        since: str = ...,
    ) -> Route: ...
    def __call__(self, path: str, calls: Callable[..., Answer], *inputs: Input[Any], since: str = "") -> Route:
        return Route(self._name, path, calls, inputs, since)


get, post, put = _Method("GET"), _Method("POST"), _Method("PUT")
patch, delete = _Method("PATCH"), _Method("DELETE")
