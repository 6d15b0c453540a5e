"""Pages of long lists: `max_id`, `since_id`, `min_id`, `limit`, and the `Link` header that leads on (RFC 8288)."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from node import site
from node.paging import LARGEST_ID, Page
from web import responses
from web.params import query_items

_IDS = ("max_id", "since_id", "min_id")
_PAGE = frozenset((*_IDS, "limit", "access_token"))  # a token in an address is never repeated


def page(request: web.Request, *, limit: int = 20, most: int = 40) -> Page:
    """What was asked for; a limit out of bounds is moved to the nearest, and what is no number counts as absent."""
    if not request.rel_url.raw_query_string:
        return Page(limit=limit)
    values = {name: _number(value) for name, value in query_items(request) if name in _PAGE}
    wanted = values.get("limit")
    max_id = values.get("max_id")
    return Page(
        limit=limit if wanted is None else max(1, min(wanted, most)),
        max_id=LARGEST_ID if max_id is None else max_id,
        since_id=values.get("since_id") or 0,
        min_id=values.get("min_id"),
    )


def offset(request: web.Request, *, most: int = 10_000) -> int:
    """For the few lists that are counted instead."""
    values = [_number(value) for name, value in query_items(request) if name == "offset"]
    return min(values[-1] or 0, most) if values else 0


def link(request: web.Request, ids: Sequence[int], page: Page) -> dict[str, str]:
    """Headers for a page whose rows have `ids`, newest first. A short page downwards is the last one."""
    if not ids:
        return {}
    rest = [(name, value) for name, value in query_items(request) if name not in _PAGE]
    if page.limit != 20 or "limit=" in request.rel_url.raw_query_string:
        rest.append(("limit", str(page.limit)))
    base = f"{site.base_url}{request.rel_url.raw_path}?"

    def to(relation: str, name: str, an_id: int) -> str:
        return f'<{base}{urlencode([*rest, (name, str(an_id))])}>; rel="{relation}"'

    links = [to("next", "max_id", ids[-1])] if len(ids) >= page.limit else []
    links.append(to("prev", "min_id", ids[0]))
    return {"Link": ", ".join(links)}


def counted_link(request: web.Request, limit: int, offset: int, count: int) -> dict[str, str]:
    """The same for a list that is counted, of which this page has `count`."""
    if count < limit:
        return {}
    address = f"{site.base_url}{request.rel_url.raw_path}?limit={limit}&offset={offset + limit}"
    return {"Link": f'<{address}>; rel="next"'}


def answer(request: web.Request, entities: Any, ids: Sequence[int], page: Page) -> web.Response:
    """One page as JSON, with its `Link` header."""
    return responses.json(entities, headers=link(request, ids, page))


def raw_answer(request: web.Request, body: bytes, ids: Sequence[int], page: Page) -> web.Response:
    """The same for a body that is JSON already."""
    return responses.raw_json(body, headers=link(request, ids, page))


def _number(text: str) -> int | None:
    """None for what is no id or count."""
    if not text.isascii() or not text.isdigit():
        return None
    return min(int(text), LARGEST_ID) if len(text) < 20 else LARGEST_ID
