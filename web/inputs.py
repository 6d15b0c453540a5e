"""What a handler of the API is given beside the request: declared in its table of routes (web/route.py), taken from
the request before the handler runs, and said by `/api/openapi.json`. So each fact stands in one place.

    person("write:lists")       somebody, whose token holds the scope               Viewer
    reader("read:statuses")     anybody; but a token that is used must hold it      int | None, the account's id
    timeline_reader             the same, unless the community shows timelines to members alone
    any_token("profile")        a token, of a person or of an app alone             Identity
    moderator("admin:read:reports") a moderator, whose token holds the scope            Viewer
    takes(_New)                 query and body, fitted to a struct; the body wins   _New
    asks(_Wish)                 the query alone                                     _Wish
    paged(20, 40)               a page of a long list: its usual limit, the most    Page
    counted                     `offset`, of the few lists that are counted         int
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import msgspec
from aiohttp import web

from node import store
from node.errors import Unauthorized
from node.paging import Page
from node.services.access.signed_in import Identity
from node.services.community import settings
from web import pagination, params
from web.viewer import NEEDS_USER, Viewer, optional, require, require_staff, require_token

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)

_STATUSES = "read:statuses"
_IDS: dict[str, dict[str, Any]] = {name: {"type": "string"} for name in ("max_id", "since_id", "min_id")}


@dataclass(frozen=True, kw_only=True)
class Input(Generic[T]):
    """`take` raises what the client is told. Of `scopes` one is enough; None says that it does not ask for any token."""

    take: Callable[[web.Request], T] | Callable[[web.Request], Awaitable[T]]
    scopes: tuple[str, ...] | None = None
    is_required: bool = False  # the token
    is_awaited: bool = False  # `take`
    struct: type[msgspec.Struct] | None = None
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)


def person(*scopes: str) -> Input[Viewer]:
    return Input(take=lambda request: require(request, *scopes), scopes=scopes, is_required=True)


def reader(*scopes: str) -> Input[int | None]:
    def take(request: web.Request) -> int | None:
        viewer = optional(request, *scopes)
        return None if viewer is None else viewer.account_id

    return Input(take=take, scopes=scopes)


def any_token(*scopes: str) -> Input[Identity]:
    return Input(take=lambda request: require_token(request, *scopes), scopes=scopes, is_required=True)


def moderator(scope: str) -> Input[Viewer]:
    return Input(take=lambda request: require_staff(request, scope), scopes=(scope,), is_required=True)


def takes(struct: type[S]) -> Input[S]:
    return Input(take=lambda request: params.read(request, struct), is_awaited=True, struct=struct)


def asks(struct: type[S]) -> Input[S]:
    return Input(take=lambda request: params.query(request, struct), struct=struct)


def paged(limit: int = 20, most: int = 40) -> Input[Page]:
    limits = {"limit": {"type": "integer", "default": limit, "description": f"at most {most}"}}
    return Input(take=lambda request: pagination.page(request, limit=limit, most=most), parameters=_IDS | limits)


async def _timeline_reader(request: web.Request) -> int | None:
    viewer = optional(request, _STATUSES)
    if viewer is not None:
        return viewer.account_id
    if not (await store.point(settings.current)).public_timelines:
        raise Unauthorized(NEEDS_USER)
    return None


counted: Input[int] = Input(take=pagination.offset, parameters={"offset": {"type": "integer", "default": 0}})

timeline_reader: Input[int | None] = Input(take=_timeline_reader, scopes=(_STATUSES,), is_awaited=True)
