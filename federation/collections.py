"""Collections of accounts and statuses (PROTOCOL.md 1.7). Counts are for everybody, members for whom they are meant."""

from collections.abc import Callable
from typing import Any

import msgspec
from aiohttp import web

from federation import uris
from federation.context import FEDERATION
from federation.render import note
from federation.render.context import context
from federation.render.loading import note_parts
from federation.serve import activity_of, document, find_account, readable_status, require_reader
from node import site, store
from node.config import Config
from node.errors import BadInput
from node.models import Account, Favourite, Status
from node.paging import LARGEST_ID, Page
from node.services import account_lookup as lookup
from node.services import follows, pins, timelines
from node.services.loading import by_id, visible_ids

_PAGE = 40
_ANSWERS = 60  # as many as Mastodon puts on a page of replies


async def outbox(request: web.Request) -> web.Response:
    """What everybody may see, newest first, as the activities that told of it."""
    account = await find_account(request)
    await require_reader(request)
    page = _page(request)
    if page is None:
        return _whole(account.outbox, account.statuses_count, first=f"{account.outbox}?page=true")
    ids, items = await store.read(_outbox_page, request.app[FEDERATION].config, account, page)
    return _part(account.outbox, items, ids[-1] if len(ids) == _PAGE else None)


def _outbox_page(config: Config, account: Account, page: Page) -> tuple[list[int], list[Any]]:
    ids = timelines.account(None, account.id, page)
    rows = [row for status_id in ids if (row := by_id(status_id)) is not None]
    activities = [activity_of(config, row) for row in rows]
    return ids, [{k: v for k, v in one.items() if k != "@context"} for one in activities if one is not None]


async def empty_outbox(request: web.Request) -> web.Response:
    """The instance actor says nothing."""
    return _whole(f"{site.instance_actor_uri()}/outbox", 0, first=None)


async def followers(request: web.Request) -> web.Response:
    account = await find_account(request)
    return await _people(request, account, account.followers_uri, account.followers_count, follows.followers)


async def following(request: web.Request) -> web.Response:
    account = await find_account(request)
    return await _people(request, account, account.following_uri, account.following_count, follows.following)


async def _people(
    request: web.Request,
    account: Account,
    uri: str,
    total: int,
    query: Callable[[int, Page], list[tuple[int, int]]],
) -> web.Response:
    """Hidden members leave the count alone: no `first`, and no page."""
    await require_reader(request)
    page = _page(request)
    if account.hide_collections or page is None:
        return _whole(uri, total, first=None if account.hide_collections else f"{uri}?page=true")
    rows = await store.read(query, account.id, page)
    people = await store.read(lookup.by_ids, [account_id for _, account_id in rows])
    items = [people[account_id].uri for _, account_id in rows if account_id in people]
    return _part(uri, items, rows[-1][0] if len(rows) == _PAGE else None)


async def featured(request: web.Request) -> web.Response:
    """Pinned statuses, whole: peers show them without asking for each."""
    account = await find_account(request)
    await require_reader(request)
    items = await store.read(_featured, request.app[FEDERATION].config, account)
    return _collection(account.featured_uri, "OrderedCollection", {"totalItems": len(items), "orderedItems": items})


def _featured(config: Config, account: Account) -> list[Any]:
    parts = (note_parts(status_id) for status_id in pins.of_account(None, account.id))
    return [note.note(config, one) for one in parts if one is not None]


async def featured_tags(request: web.Request) -> web.Response:
    account = await find_account(request)
    await require_reader(request)
    uri = uris.featured_tags_uri(request.app[FEDERATION].config, account.id)
    return _collection(uri, "Collection", {"totalItems": 0, "items": []})


async def replies(request: web.Request) -> web.Response:
    """Answers that anybody may see, the author's own first, as Mastodon orders them."""
    status = await readable_status(request)
    uri = _status_collection(request, status, "replies")
    items = await store.read(_replies, status)
    page = {"id": f"{uri}?page=true", "type": "CollectionPage", "partOf": uri, "items": items}
    return _collection(uri, "Collection", {"first": page})


def _replies(status: Status) -> list[str]:
    rows = list(
        Status.select(Status.id, Status.uri, Status.account)
        .where(Status.in_reply_to == status.id, Status.visibility.in_(("public", "unlisted")))
        .order_by(Status.id)
        .limit(_ANSWERS)
    )
    seen = set(visible_ids(None, [row.id for row in rows]))
    rows = [row for row in rows if row.id in seen]
    own = [row.uri for row in rows if row.account_id == status.account_id]
    return own + [row.uri for row in rows if row.account_id != status.account_id]


async def likes(request: web.Request) -> web.Response:
    status = await readable_status(request)
    total = await store.read(lambda: Favourite.select().where(Favourite.status == status.id).count())
    return _collection(_status_collection(request, status, "likes"), "Collection", {"totalItems": total})


async def shares(request: web.Request) -> web.Response:
    status = await readable_status(request)
    uri = _status_collection(request, status, "shares")
    return _collection(uri, "Collection", {"totalItems": status.reblogs_count})


def _status_collection(request: web.Request, status: Status, name: str) -> str:
    return uris.status_collection_uri(request.app[FEDERATION].config, status.account_id, status.id, name)


# ── shapes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _page(request: web.Request) -> Page | None:
    """The page asked for, or None for the collection itself. Pages go down from `max_id`."""
    if "page" not in request.query:
        return None
    text = request.query.get("max_id", "")
    if text and not (text.isascii() and text.isdigit() and int(text[:20]) <= LARGEST_ID):
        raise BadInput("max_id must be a number.")
    return Page(limit=_PAGE, max_id=int(text) if text else LARGEST_ID)


def _whole(uri: str, total: int, *, first: str | None) -> web.Response:
    body: dict[str, Any] = {"totalItems": total}
    if first is not None:
        body["first"] = first
    return _collection(uri, "OrderedCollection", body)


def _part(uri: str, items: list[Any], next_below: int | None) -> web.Response:
    body: dict[str, Any] = {"partOf": uri, "orderedItems": items}
    if next_below is not None:
        body["next"] = f"{uri}?page=true&max_id={next_below}"
    return _collection(f"{uri}?page=true", "OrderedCollectionPage", body)


def _collection(uri: str, kind: str, body: dict[str, Any]) -> web.Response:
    whole = {"@context": context("note"), "id": uri, "type": kind} | body
    return document(msgspec.json.encode(whole))
