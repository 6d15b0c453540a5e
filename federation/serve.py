"""Documents: actors and statuses, for other servers. Readers with a browser are sent to the page."""

from functools import lru_cache
from typing import Any, NoReturn

import msgspec
from aiohttp import web

from federation.audience import addressing
from federation.authenticate import signer_of
from federation.context import FEDERATION
from federation.negotiation import CONTENT_TYPE, VARY, wants_document
from federation.render import activity, note
from federation.render.actor_document import actor_document
from federation.render.context import context
from federation.render.loading import note_parts
from node import site, store
from node.config import Config
from node.errors import Gone, NotFound, Unauthorized
from node.models import Account, Status, Visibility
from node.services import account_lookup as lookup
from node.services import accounts, settings, tombstones
from node.services.loading import by_id, visible_ids

NOT_FOUND = "There is nothing at this address."


def document(body: bytes, *, private: bool = False) -> web.Response:
    """An answer in ActivityStreams; private ones stay in nobody's cache."""
    headers = {
        "Content-Type": CONTENT_TYPE,
        "Vary": VARY,
        "Cache-Control": "private, no-store" if private else "public, max-age=60",
    }
    return web.Response(body=body, headers=headers)


async def actor(request: web.Request) -> web.StreamResponse:
    account = await find_account(request)
    if not wants_document(request):
        raise web.HTTPFound(site.profile_url(account.username), headers={"Vary": VARY})
    return await actor_of(request, account)


async def actor_of(request: web.Request, account: Account) -> web.StreamResponse:
    """The document of an account, at whatever address of it somebody asked for one."""
    if not account.is_local:
        raise NotFound(NOT_FOUND)
    await require_reader(request)
    return document(await store.point(_actor_body, request.app[FEDERATION].config, account))


async def instance_actor(request: web.Request) -> web.StreamResponse:
    """Readable by everybody, unsigned: or two nodes that both insist on signatures never meet (PROTOCOL.md 1.5)."""
    account = await store.point(accounts.instance_actor)
    if not wants_document(request):
        raise web.HTTPFound(f"{site.base_url}/about", headers={"Vary": VARY})
    return document(await store.point(_actor_body, request.app[FEDERATION].config, account))


async def status(request: web.Request) -> web.StreamResponse:
    found = await readable_status(request)
    if not wants_document(request):
        account = await find_account(request)
        raise web.HTTPFound(site.status_url(account.username, found.id), headers={"Vary": VARY})
    return await _note(request, found)


async def status_at(request: web.Request, account_id: int, status_id: int) -> web.StreamResponse:
    """The document of a status, at the address of its page."""
    return await _note(request, await _readable(request, account_id, status_id))


async def _note(request: web.Request, found: Status) -> web.StreamResponse:
    body = await store.point(_note_body, request.app[FEDERATION].config, found.id, found.version)
    if body is None:
        raise NotFound(NOT_FOUND)
    return document(body, private=not _is_open(found))


async def status_activity(request: web.Request) -> web.StreamResponse:
    """The Create of a status, or the Announce that a boost is."""
    found = await readable_status(request)
    body = await store.point(_activity_body, request.app[FEDERATION].config, found)
    if body is None:
        raise NotFound(NOT_FOUND)
    return document(body, private=not _is_open(found))


# ── who may read what ──────────────────────────────────────────────────────────────────────────────────────────────


async def require_reader(request: web.Request) -> Account | None:
    """Who signed the request. With authorised fetch on, somebody must have; a bad signature is refused in any case."""
    reader = await signer_of(request)
    if reader is None and settings.current().authorized_fetch:
        raise Unauthorized("This node wants requests to be signed.")
    return reader


async def find_account(request: web.Request) -> Account:
    account = await store.point(lookup.by_id, path_id(request, "account"))
    if account is None or not account.is_local or account.uri == site.instance_actor_uri():
        raise NotFound(NOT_FOUND)
    if account.deleted_at is not None:
        raise Gone("This account was deleted.")
    return account


async def readable_status(request: web.Request) -> Status:
    """The same 404 for what is not there and what the reader may not know of."""
    return await _readable(request, path_id(request, "account"), path_id(request, "status"))


async def _readable(request: web.Request, account_id: int, status_id: int) -> Status:
    reader = await require_reader(request)
    found = await store.point(_find_status, status_id, account_id, reader.id if reader else None)
    if found is None:
        await _refuse_missing(account_id, status_id)
    return found


def _find_status(status_id: int, account_id: int, reader_id: int | None) -> Status | None:
    found = by_id(status_id)
    if found is None or found.account_id != account_id or not found.local or found.local_only:
        return None
    return found if visible_ids(reader_id, [status_id]) else None


async def _refuse_missing(account_id: int, status_id: int) -> NoReturn:
    if await store.point(tombstones.is_gone, site.status_uri(account_id, status_id)):
        raise Gone("This post was deleted.")
    raise NotFound(NOT_FOUND)


def path_id(request: web.Request, name: str) -> int:
    return int(request.match_info[name])


def _is_open(found: Status) -> bool:
    return found.visibility in (Visibility.PUBLIC, Visibility.UNLISTED)


# ── bodies, kept while their rows do not change ────────────────────────────────────────────────────────────────────


def _actor_body(config: Config, account: Account) -> bytes:
    return _actor_bytes(config, account.id, account.version)


@lru_cache(maxsize=4096)
def _actor_bytes(config: Config, account_id: int, version: int) -> bytes:
    account = lookup.by_id(account_id)
    rendered = actor_document(config, account) if account is not None else None
    if rendered is None:
        raise Gone("This account was deleted.")
    return msgspec.json.encode(rendered)


@lru_cache(maxsize=4096)
def _note_body(config: Config, status_id: int, version: int) -> bytes | None:
    parts = note_parts(status_id)
    if parts is None:
        return None
    return msgspec.json.encode({"@context": context("note")} | note.note(config, parts))


def _activity_body(config: Config, found: Status) -> bytes | None:
    rendered = activity_of(config, found)
    return None if rendered is None else msgspec.json.encode(rendered)


def activity_of(config: Config, found: Status) -> dict[str, Any] | None:
    """What told the network of a local status: its Create or its Announce."""
    if found.reblog_of_id is None:
        parts = note_parts(found.id)
        return None if parts is None else activity.create(note.note(config, parts))
    return _announce_of(found)


def _announce_of(boost: Status) -> dict[str, Any] | None:
    original = by_id(boost.reblog_of_id) if boost.reblog_of_id else None
    people = lookup.by_ids([boost.account_id, original.account_id]) if original else {}
    if original is None or len(people) < len({boost.account_id, original.account_id}):
        return None
    booster, author = people[boost.account_id], people[original.account_id]
    to = addressing(boost.visibility, booster.followers_uri, [author.uri])
    return activity.announce(boost.uri, booster.uri, original.uri, to, at=boost.created_at)
