"""Collections of accounts (ActivityPub, 5). Counts are for everybody, members for whom they are meant."""

from collections.abc import Callable
from typing import Any

import msgspec
from aiohttp import web

from federation import follower_digests, uris
from federation.render.collection import collection, inlined, page
from federation.render.context import Kind
from federation.serving import rendered
from federation.serving.authenticate import signer_of
from federation.serving.reading import NOT_FOUND, find_account, shown_account
from federation.serving.serve import document
from node import site, store
from node.errors import BadInput, NotFound, Unauthorized
from node.models import Account
from node.paging import LARGEST_ID, Page
from node.services import follows, timelines
from node.services.accounts import lookup
from node.services.accounts.featured_tags import of_account as tags_of_profile
from node.services.interactions import pins
from node.services.statuses.loading import by_ids

_PAGE = 40


async def outbox(request: web.Request) -> web.Response:
    """What everybody may see, newest first, as the activities that told of it."""
    account = await shown_account(request)
    asked = _page(request)
    if asked is None:
        return _whole(account.outbox, account.statuses_count, first=f"{account.outbox}?page=true")
    ids, items = await store.read(_outbox_page, account, asked)
    return _part(account.outbox, asked, items, ids[-1] if len(ids) == _PAGE else None)


def _outbox_page(account: Account, asked: Page) -> tuple[list[int], list[Any]]:
    ids = timelines.account(None, account.id, asked)
    activities = rendered.activities_of(by_ids(ids))
    return ids, [inlined(activities[status_id]) for status_id in ids if status_id in activities]


async def empty_outbox(request: web.Request) -> web.Response:
    """The instance actor says nothing."""
    return _whole(f"{site.instance_actor_uri()}/outbox", 0, first=None)


async def followers(request: web.Request) -> web.Response:
    account = await shown_account(request)
    return await _people(request, account, account.followers_uri, account.followers_count, follows.followers)


async def followers_synchronization(request: web.Request) -> web.Response:
    """Those followers who live where the reader does, for whoever signs from there (FEP-8fcf)."""
    account = await find_account(request)
    if account.is_gone:
        raise NotFound(NOT_FOUND)
    reader = await signer_of(request)
    if reader is None:
        raise Unauthorized("Only a server whose people follow may read this.")
    items = await store.read(follower_digests.followers_at, account.id, uris.host_of(reader.uri) or "")
    uri = f"{account.uri}/followers_synchronization"
    body = collection("OrderedCollection", uri, totalItems=len(items), orderedItems=items)
    return document(msgspec.json.encode(body), private=True)


async def following(request: web.Request) -> web.Response:
    account = await shown_account(request)
    return await _people(request, account, account.following_uri, account.following_count, follows.following)


async def _people(
    request: web.Request,
    account: Account,
    uri: str,
    total: int,
    query: Callable[[int, Page], list[tuple[int, int]]],
) -> web.Response:
    """Hidden members leave the count alone: no `first`, and no page."""
    asked = _page(request)
    if account.hide_collections or asked is None:
        return _whole(uri, total, first=None if account.hide_collections else f"{uri}?page=true")
    rows = await store.read(query, account.id, asked)
    people = await store.read(lookup.by_ids, [account_id for _, account_id in rows])
    items = [people[account_id].uri for _, account_id in rows if account_id in people]
    return _part(uri, asked, items, rows[-1][0] if len(rows) == _PAGE else None)


async def featured(request: web.Request) -> web.Response:
    """Pinned statuses, whole: peers show them without asking for each."""
    account = await shown_account(request)
    items = await store.read(_featured, account.id)
    body = collection("OrderedCollection", account.featured_uri, of="note", totalItems=len(items), orderedItems=items)
    return document(msgspec.json.encode(body))


def _featured(account_id: int) -> list[Any]:
    return rendered.notes_of(pins.of_account(None, account_id))


async def featured_tags(request: web.Request) -> web.Response:
    """Hashtags on the profile, each with the address of what its owner wrote with it."""
    account = await shown_account(request)
    uri = site.featured_tags_uri(account.id)
    items = [
        {"type": "Hashtag", "name": f"#{view.name}", "href": site.tagged_url(account.username, view.key)}
        for view in await store.read(tags_of_profile, account.id)
    ]
    return document(
        msgspec.json.encode(collection("Collection", uri, of="collection", totalItems=len(items), items=items))
    )


# ── pages ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def number(request: web.Request, name: str) -> int | None:
    """An id from the query; BadInput for anything else."""
    text = request.query.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= LARGEST_ID):
        raise BadInput(f"{name} must be a number.")
    return int(text)


def _page(request: web.Request) -> Page | None:
    """The page asked for, or None for the collection itself. Pages go down from `max_id`."""
    if "page" not in request.query:
        return None
    below = number(request, "max_id")
    return Page(limit=_PAGE, max_id=LARGEST_ID if below is None else below)


def _whole(uri: str, total: int, *, first: str | None) -> web.Response:
    return document(msgspec.json.encode(collection("OrderedCollection", uri, totalItems=total, first=first)))


def _part(uri: str, asked: Page, items: list[Any], next_below: int | None) -> web.Response:
    own = f"{uri}?page=true" + ("" if asked.max_id == LARGEST_ID else f"&max_id={asked.max_id}")
    next_uri = None if next_below is None else f"{uri}?page=true&max_id={next_below}"
    # An outbox holds whole notes; of people there are ids alone.
    of: Kind = "activity" if all(isinstance(item, str) for item in items) else "note"
    return document(msgspec.json.encode(page("OrderedCollection", own, items, next_uri=next_uri, of=of)))
