"""The tables of routes of the API: a path, its handler, and what the handler is given, in order (web/inputs.py).

    ROUTES = [
        route.get("/api/v1/lists/{id}/accounts", members, person("read:lists"), paged(40, 80)),
        route.post("/api/v1/lists", create, person("write:lists"), takes(_New)),
    ]

    async def create(request: web.Request, viewer: Viewer, wish: _New) -> web.Response: ...

Whoever may not ask is refused before anything is read. mypy checks that a handler takes what its route gives it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar, overload

from aiohttp import web

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

    def register(self, router: web.UrlDispatcher) -> list[web.AbstractRoute]:
        return web.RouteDef(self.method, self.path, _with_inputs(self.calls, self.inputs), {}).register(router)


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


class _Method:
    def __init__(self, name: str) -> None:
        self._name = name

    @overload
    def __call__(self, path: str, calls: Handler, /) -> Route: ...
    @overload
    def __call__(self, path: str, calls: Callable[[web.Request, A], Answer], a: Input[A], /) -> Route: ...
    @overload
    def __call__(
        self, path: str, calls: Callable[[web.Request, A, B], Answer], a: Input[A], b: Input[B], /
    ) -> Route: ...
    @overload
    def __call__(
        self, path: str, calls: Callable[[web.Request, A, B, C], Answer], a: Input[A], b: Input[B], c: Input[C], /
    ) -> Route: ...
    def __call__(self, path: str, calls: Callable[..., Answer], *inputs: Input[Any]) -> Route:
        return Route(self._name, path, calls, inputs)


get, post, put = _Method("GET"), _Method("POST"), _Method("PUT")
patch, delete = _Method("PATCH"), _Method("DELETE")
