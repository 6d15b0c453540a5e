"""The way to older and newer entries of a long page: `?max_id=` and `?min_id=`, as the client API has them."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from node.paging import LARGEST_ID, Page
from web import pagination
from web.params import query_items

SIZE = 20
_NOT_KEPT = frozenset({"max_id", "min_id", "since_id", "limit", "offset", "access_token"})
_MOST_OFFSET = 10_000


def asked(request: web.Request, *, size: int = SIZE) -> Page:
    """The part that was asked for; pages of people are all of one length."""
    return pagination.page(request, limit=size, most=size)


def links(request: web.Request, ids: Sequence[int], page: Page) -> dict[str, Any]:
    """`older` and `newer` for a template; `ids` are those of the rows that are shown, newest first."""
    older = newer = None
    if ids:
        if len(ids) >= page.limit or page.is_upward:
            older = _address(request, "max_id", ids[-1])
        if page.max_id != LARGEST_ID or (page.is_upward and len(ids) >= page.limit):
            newer = _address(request, "min_id", ids[0])
    elif page.is_upward:
        older = _address(request)
    return {"older": older, "newer": newer}


def offset(request: web.Request) -> int:
    """For the few lists that are counted."""
    return pagination.offset(request, most=_MOST_OFFSET)


def counted_links(request: web.Request, shown: int, size: int) -> dict[str, Any]:
    """The same for a list that is counted, of which `shown` entries are on this page."""
    start = offset(request)
    more = shown >= size and start + size <= _MOST_OFFSET
    return {
        "older": _address(request, "offset", start + size) if more else None,
        "newer": _address(request, "offset", max(start - size, 0)) if start else None,
    }


def _address(request: web.Request, name: str = "", number: int = 0) -> str:
    query = [(key, value) for key, value in query_items(request) if key not in _NOT_KEPT]
    if name:
        query.append((name, str(number)))
    path = request.rel_url.raw_path
    return f"{path}?{urlencode(query)}" if query else path
