"""Documents: actors and statuses, for other servers. Readers with a browser are sent to the page."""

from typing import Any

import msgspec
from aiohttp import web

from federation.context import FEDERATION
from federation.parse.as2 import ACTIVITYSTREAMS
from federation.serving import reading, rendered
from federation.serving.negotiation import CONTENT_TYPE, VARY, wants_document
from federation.serving.reading import NOT_FOUND, Buried
from node import clock, site, store
from node.config import Config
from node.errors import NotFound
from node.models import Account, Status
from node.services import accounts
from node.services.accounts.lookup import Glance


def document(body: bytes, *, private: bool = False, status: int = 200) -> web.Response:
    """An answer in ActivityStreams. What depends on who asks stays in nobody's cache."""
    is_private = private or reading.wants_readers()
    headers = {
        "Content-Type": CONTENT_TYPE,
        "Vary": VARY,
        "Cache-Control": "private, no-store" if is_private else "public, max-age=60",
    }
    return web.Response(body=body, headers=headers, status=status)


async def actor(request: web.Request) -> web.StreamResponse:
    try:
        account = await reading.glance(request)
    except Buried as buried:
        return _tombstone(buried)
    if not wants_document(request):
        return _page(site.profile_url(account.username))
    return await _document_of(request, account)


async def actor_of(request: web.Request, account: Account) -> web.StreamResponse:
    """The document of an account, at whatever address of it somebody asked for one."""
    return await _document_of(request, reading.checked(account))


async def _document_of(request: web.Request, account: Account | Glance) -> web.StreamResponse:
    await reading.require_reader(request)
    return document(await store.point(rendered.actor_body, _config(request), account))


async def instance_actor(request: web.Request) -> web.StreamResponse:
    """Readable by everybody, unsigned: or two nodes that both insist on signatures never meet (FEP-2677)."""
    if not wants_document(request):
        return _page(f"{site.base_url}/about")
    account = await store.point(accounts.instance_actor)
    return document(await store.point(rendered.actor_body, _config(request), account))


async def status(request: web.Request) -> web.StreamResponse:
    account_id, status_id = reading.path_id(request, "account"), reading.path_id(request, "status")
    if not wants_document(request):
        return await _page_of_status(request, status_id)
    return await status_at(request, account_id, status_id)


async def status_at(request: web.Request, account_id: int, status_id: int) -> web.StreamResponse:
    """The document of a status, at the address of its page."""
    try:
        found = await reading.readable(request, account_id, status_id)
    except Buried as buried:
        return _tombstone(buried)
    body = await store.point(rendered.note_body, _config(request), found)
    if body is None:
        raise NotFound(NOT_FOUND)
    return document(body, private=not reading.is_open(found))


async def status_activity(request: web.Request) -> web.StreamResponse:
    """The Create of a status, or the Announce that a boost is."""
    if not wants_document(request):
        return await _page_of_status(request, reading.path_id(request, "status"))
    try:
        found = await reading.readable_status(request)
    except Buried as buried:
        return _tombstone(buried)
    body = await store.read(_activity_body, found)
    if body is None:
        raise NotFound(NOT_FOUND)
    return document(body, private=not reading.is_open(found))


def _activity_body(found: Status) -> bytes | None:
    activity = rendered.activity_of(found)
    return None if activity is None else msgspec.json.encode(activity)


async def _page_of_status(request: web.Request, status_id: int) -> web.Response:
    """Whether it is there, and for whom, the page says: so the answer is the same for all of them."""
    account = await reading.glance(request)
    return _page(site.status_url(account.username, status_id))


def _page(address: str) -> web.Response:
    return web.Response(status=302, headers={"Location": address, "Vary": VARY})


def _tombstone(buried: Buried) -> web.Response:
    body: dict[str, Any] = {
        "@context": ACTIVITYSTREAMS,
        "id": buried.uri,
        "type": "Tombstone",
        "formerType": buried.former_type,
        "deleted": clock.iso(buried.deleted_at),
    }
    return document(msgspec.json.encode(body), status=410)


def _config(request: web.Request) -> Config:
    return request.app[FEDERATION].config
