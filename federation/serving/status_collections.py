"""Collections of a status: its answers, likes, boosts, and the whole thread that it began (FEP-7888)."""

from typing import Any

import msgspec
from aiohttp import web

from federation.render.collection import collection, inlined, page
from federation.serving import reading
from federation.serving.collections import number
from federation.serving.reading import NOT_FOUND
from federation.serving.serve import document
from node import site, store
from node.errors import NotFound
from node.models import Status, Thread
from node.models.access import OPEN
from node.services.statuses.loading import visible_ids
from node.store import Prepared, param

_PAGE = 60  # as many as Mastodon puts on a page


def _listed(condition: Any) -> Prepared[tuple[int, str]]:
    """(id, uri) of open statuses above an id, the oldest first."""
    return Prepared(
        lambda: (
            Status.select(Status.id, Status.uri)
            .where(condition() & Status.visibility.in_(OPEN) & (Status.id > param("above")))
            .order_by(Status.id)
            .limit(param("limit"))
        ),
        lambda *row: row,
    )


_BY_THE_AUTHOR = _listed(lambda: (Status.in_reply_to == param("of")) & (Status.account == param("author")))
_BY_OTHERS = _listed(lambda: (Status.in_reply_to == param("of")) & (Status.account != param("author")))
_OF_THREAD = _listed(lambda: Status.thread == param("of"))


async def replies(request: web.Request) -> web.Response:
    """The author's own answers first, which continue the post; then those of others, as Mastodon lists them."""
    status = await reading.readable_status(request)
    uri = _uri(request, status, "replies")
    query = {"of": status.id, "author": status.account_id}
    if "page" not in request.query:
        first = await _first_answers(uri, query)
        body = collection("Collection", uri, totalItems=status.replies_count, first=inlined(first))
        return _document(status, body)
    if "only_other_accounts" not in request.query:
        return _document(status, await _first_answers(uri, query))
    others = f"{uri}?only_other_accounts=true&page=true"
    return _document(status, await _page(_BY_OTHERS, "Collection", others, query, number(request, "min_id")))


async def _first_answers(uri: str, query: dict[str, int]) -> dict[str, Any]:
    items, _ = await store.read(_items, _BY_THE_AUTHOR, query, 0)
    next_uri = f"{uri}?only_other_accounts=true&page=true"
    return page("Collection", f"{uri}?page=true", items, next_uri=next_uri)


async def thread(request: web.Request) -> web.Response:
    """What is known of the thread, in the order in which it was written."""
    status = await reading.readable_status(request)
    uri = _uri(request, status, "context")
    thread_id = await store.read(_thread_begun_by, status, uri)
    query = {"of": thread_id}
    if "page" in request.query:
        above = number(request, "min_id")
        return _document(status, await _page(_OF_THREAD, "OrderedCollection", f"{uri}?page=true", query, above))
    first = await _page(_OF_THREAD, "OrderedCollection", f"{uri}?page=true", query, None)
    # Whoever owns the collection owns the thread (FEP-7888).
    owner = site.actor_uri(status.account_id)
    return _document(status, collection("OrderedCollection", uri, attributedTo=owner, first=inlined(first)))


def _thread_begun_by(status: Status, uri: str) -> int:
    found = Thread.get_or_none((Thread.id == status.thread_id) & (Thread.uri == uri))
    if found is None:
        raise NotFound(NOT_FOUND)
    return int(found.id)


async def likes(request: web.Request) -> web.Response:
    """How many, not who."""
    status = await reading.readable_status(request)
    body = collection("Collection", _uri(request, status, "likes"), totalItems=status.favourites_count)
    return _document(status, body)


async def shares(request: web.Request) -> web.Response:
    status = await reading.readable_status(request)
    body = collection("Collection", _uri(request, status, "shares"), totalItems=status.reblogs_count)
    return _document(status, body)


async def _page(
    query: Prepared[tuple[int, str]], kind: str, uri: str, values: dict[str, int], above: int | None
) -> dict[str, Any]:
    items, last = await store.read(_items, query, values, above or 0)
    own = uri if above is None else f"{uri}&min_id={above}"
    return page(kind, own, items, next_uri=None if last is None else f"{uri}&min_id={last}")


def _items(query: Prepared[tuple[int, str]], values: dict[str, int], above: int) -> tuple[list[str], int | None]:
    """The uris that anybody may read; and the last id looked at, if there may be more."""
    rows = query.all(**values, above=above, limit=_PAGE)
    seen = set(visible_ids(None, [status_id for status_id, _ in rows]))
    return [uri for status_id, uri in rows if status_id in seen], rows[-1][0] if len(rows) == _PAGE else None


def _uri(request: web.Request, status: Status, name: str) -> str:
    return site.status_collection_uri(status.account_id, status.id, name)


def _document(status: Status, body: dict[str, Any]) -> web.Response:
    return document(msgspec.json.encode(body), private=not reading.is_open(status))
