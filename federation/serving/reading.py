"""Who may read which document. What a reader may not know of answers as what is not there (FEDERATION.md)."""

from typing import NoReturn, TypeVar

from aiohttp import web

from federation.serving.authenticate import signer_of
from node import site, store
from node.errors import Gone, NotFound, Unauthorized
from node.models import Account, Status
from node.models.access import OPEN
from node.services.accounts import lookup
from node.services.accounts.lookup import Glance
from node.services.community import settings
from node.services.relationships import blocks
from node.services.statuses import loading, tombstones

S = TypeVar("S", Account, Glance)

NOT_FOUND = "There is nothing at this address."


class Buried(Gone):
    """It was here, everybody might read it, and it was deleted: a Tombstone says what it was, and until when."""

    def __init__(self, uri: str, former_type: str, deleted_at: int) -> None:
        super().__init__("What was here has been deleted.")
        self.uri = uri
        self.former_type = former_type
        self.deleted_at = deleted_at


def path_id(request: web.Request, name: str) -> int:
    return int(request.match_info[name])


def wants_readers() -> bool:
    """Whether somebody must have signed even for what everybody may read."""
    now = settings.current()
    return now.authorized_fetch or now.limited_federation


async def require_reader(request: web.Request) -> Account | None:
    """Who signed, where that matters for what everybody may read."""
    if not wants_readers():
        return None
    reader = await signer_of(request)
    if reader is None:
        raise Unauthorized("This node wants requests to be signed.")
    return reader


async def glance(request: web.Request) -> Glance:
    """The same as `find_account`, for whoever needs to know no more than which version there is."""
    return checked(await store.point(lookup.glance, path_id(request, "account")))


async def find_account(request: web.Request) -> Account:
    """A local account that there is or, hidden by a moderator, was: its document says so."""
    return checked(await store.point(lookup.by_id, path_id(request, "account")))


def checked(account: S | None) -> S:
    if account is None or not account.is_local or account.uri == site.instance_actor_uri() or account.is_waiting:
        raise NotFound(NOT_FOUND)
    if account.deleted_at is not None:
        raise Buried(account.uri, account.kind, account.deleted_at)
    return account


async def shown_account(request: web.Request) -> Account:
    """The same without those that are hidden, and for whoever may read what is of it.

    Somebody whom the account blocks, or who blocks it, reads its document alone: their server needs its key.
    """
    account = await find_account(request)
    if account.is_gone:
        raise NotFound(NOT_FOUND)
    reader = await require_reader(request)
    if reader is not None and await store.point(blocks.is_between, account.id, reader.id):
        raise NotFound(NOT_FOUND)
    return account


async def readable_status(request: web.Request) -> Status:
    return await readable(request, path_id(request, "account"), path_id(request, "status"))


async def readable(request: web.Request, account_id: int, status_id: int) -> Status:
    """The same refusal, after the same work, for what is not there and what the reader may not know of."""
    reader = await require_reader(request)
    if reader is None:
        found = await store.point(_find, status_id, account_id, 0)
        if found is not None:
            return found
        # Perhaps it is private: now it matters who asks.
        reader = await signer_of(request)
    found = await store.point(_find, status_id, account_id, reader.id) if reader is not None else None
    if found is None:
        await store.point(_refuse, account_id, status_id)
    assert found is not None  # noqa: S101 - or it was refused
    return found


def is_open(status: Status) -> bool:
    return status.visibility in OPEN


def _find(status_id: int, account_id: int, reader_id: int) -> Status | None:
    try:
        found = loading.get(reader_id, status_id)
    except NotFound:
        return None
    return found if found.account_id == account_id and found.local and not found.local_only else None


def _refuse(account_id: int, status_id: int) -> NoReturn:
    account = lookup.by_id(account_id)
    if account is None or not account.is_local:
        raise NotFound(NOT_FOUND)
    uri = site.status_uri(account_id, status_id)
    # Of a deleted account everything is gone alike, whether it was public, private, or never there.
    deleted_at = account.deleted_at or tombstones.deleted_at(uri, account.uri)
    if deleted_at is None:
        raise NotFound(NOT_FOUND)
    raise Buried(uri, "Note", deleted_at)
