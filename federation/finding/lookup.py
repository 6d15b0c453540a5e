"""What somebody here pastes or types to find: a handle, the address of a post or a person, or of its page."""

from federation import uris
from federation.context import Budget, Federation
from federation.finding import resolve
from federation.http.documents import fetch_from_page
from federation.parse.handle import parse_handle
from federation.parse.note import is_post
from node import jobs, store
from node.errors import Forbidden, NodeError, NotFound
from node.jobs import JobKind, Priority
from node.models import Account, Status
from node.services.accounts import lookup as account_lookup
from node.services.servers import domains
from node.services.statuses import loading

_FETCHES = 12

Found = Account | Status


async def find(fed: Federation, text: str, reader_id: int | None = None) -> Found | None:
    """The Account or Status that `text` names, fetched if need be.

    None if there is none, or it cannot be had. A status that the reader may not see takes the same way as one that
    is not known here, so that the time it takes says nothing (docs/threat-model.md).
    """
    text = text.strip()
    try:
        if uris.is_http_uri(text):
            return await _by_address(fed, text, reader_id)
        handle = parse_handle(text, fed.config.scheme)
        return await _welcome(await resolve.by_handle(fed, handle, budget=Budget(_FETCHES))) if handle else None
    except NodeError:
        return None


async def account(fed: Federation, text: str) -> Account | None:
    """As `find`, for what can only be a person."""
    found = await find(fed, text)
    return found if isinstance(found, Account) else None


async def _by_address(fed: Federation, address: str, reader_id: int | None) -> Found | None:
    if uris.is_local(fed.config, address):
        return await store.point(_local, fed, address, reader_id)
    known = await store.point(_known, address, reader_id)
    if known is not None:
        return known
    host = uris.host_of(address)
    if host is None or domains.is_suspended(host):
        raise Forbidden("This node does not speak with that domain.")
    budget = Budget(_FETCHES)
    budget.spend()
    document = await fetch_from_page(fed.door, address, await fed.signer())
    if is_post(document):
        note = resolve.parsed_note(document)
        status = await resolve.received_note(fed, note, budget)
        if status is not None and note.replies:
            await _later(JobKind.FETCH_REPLIES, status.id, {"uri": note.replies})
        return await store.point(loading.get, reader_id, 0 if status is None else status.id)
    known = await store.point(_known, str(document.get("id")), reader_id)
    return known if known is not None else await _welcome(await resolve.received_actor(fed, document, budget))


def _local(fed: Federation, address: str, reader_id: int | None) -> Found | None:
    named = uris.parse_local(fed.config, address)
    match named:
        case uris.LocalActor(account_id=account_id):
            return account_lookup.by_id(account_id)
        case uris.LocalProfile(username=username):
            name, _, domain = username.partition("@")
            return account_lookup.find(name, domain) if domain else account_lookup.find_here(name)
        case uris.LocalStatus(status_id=status_id) | uris.LocalStatusPage(status_id=status_id):
            return loading.get(reader_id, status_id)
    return None


def _known(address: str, reader_id: int | None) -> Found | None:
    somebody = account_lookup.by_uri(address)
    if somebody is not None and somebody.is_confirmed:
        return somebody
    status = loading.by_uri(address)
    return status if status is not None and loading.visible_ids(reader_id, [status.id]) else None


async def _welcome(found: Account) -> Account:
    """Somebody here wants to look at this profile: its numbers, and what is on top of it, come in a moment."""
    if found.deleted_at is not None:
        raise NotFound(resolve.NOTHING)
    if not found.is_local and not found.is_gone and found.statuses_count == 0:
        await _later(JobKind.FETCH_ACCOUNT, 0, {"uri": found.uri})
        if found.featured_uri:
            await _later(JobKind.FETCH_FEATURED, found.id, None)
    return found


async def _later(kind: JobKind, subject: int, payload: dict[str, str] | None) -> None:
    await store.write(lambda: jobs.enqueue(kind, subject, payload=payload, priority=Priority.NORMAL, once=True))
