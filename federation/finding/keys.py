"""Public keys of remote actors: kept once found, and found only where their owner lists them (docs/threat-model.md)."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from federation import uris
from federation.context import Budget, Federation
from federation.errors import BadDocument, FetchError
from federation.finding import resolve
from federation.http.documents import fetch_json_ld
from federation.parse.keys import name_of, parse_key_document
from federation.signatures import SignatureClaim
from node import clock, keys, store
from node.errors import BadInput, Forbidden, NodeError, TooMany, Unauthorized, Unavailable
from node.keys import PublicKey
from node.models import Account, RemoteKey
from node.services import accounts
from node.services.servers import domains

# A signature that does not verify may be made with a new key; whoever sends rubbish has us look at most so often.
REFETCH_AFTER_MS = 5 * clock.MINUTE
# Whoever waits for our answer is told to come again rather than kept waiting (503 within 15 s).
LOOKUP_SECONDS = 12.0
_NO_MATCH = "The signature does not match the key."
_TOO_MANY = "Too many keys from there could not be found."
_DOCUMENTS = 8  # key document, owner, WebFinger with its detours


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key, and the one actor that it speaks for."""

    public: PublicKey
    owner: Account
    fetched_at: int


@dataclass(frozen=True, slots=True)
class _Share:
    """What a host may be asked because of a network that sends us things; given back if it was not in vain."""

    host: str
    source: str

    def take(self, fed: Federation) -> None:
        """Who asks pays first: a share that is used up costs the host, and others who need it, nothing."""
        if not fed.fruitless_askers.take(self.source):
            raise TooMany(_TOO_MANY)
        if not fed.fruitless.take(self.host):
            fed.fruitless_askers.give_back(self.source)
            raise TooMany(_TOO_MANY)

    def give_back(self, fed: Federation) -> None:
        fed.fruitless_askers.give_back(self.source)
        fed.fruitless.give_back(self.host)


async def prove(fed: Federation, claim: SignatureClaim, actor_uri: str, source: str) -> Account:
    """The one actor whose key made the signature; Unauthorized if nobody's did.

    `actor_uri` is whom the request claims to be from, or empty; see `look_up` for `source`.
    """
    name = name_of(claim.key_id, actor_uri)
    known = await stored(name)
    if known is None:
        known = await look_up(fed, claim.key_id, actor_uri, source)
        if claim.verify(known.public):
            return known.owner
        raise Unauthorized(_NO_MATCH)
    if claim.verify(known.public):
        return known.owner
    share = _Share(uris.host_of(known.owner.uri) or "", source)
    after = await renewed(fed, claim.key_id, known, share)
    if after is None or not claim.verify(after.public):
        raise Unauthorized(_NO_MATCH)
    share.give_back(fed)
    return after.owner


async def stored(name: str) -> KnownKey | None:
    """What is known without asking anybody. One point read; reading the PEM is remembered."""
    found = await store.point(accounts.remote_key, name)
    return _known(found) if found is not None else None


def _known(found: tuple[RemoteKey, Account]) -> KnownKey | None:
    key, owner = found
    try:
        # The key was looked at whenever its owner was.
        return KnownKey(keys.load_public(key.public_pem), owner, max(key.fetched_at, owner.fetched_at or 0))
    except BadInput:
        return None


async def look_up(fed: Federation, key_id: str, actor_uri: str, source: str) -> KnownKey:
    """A key that is not known yet, from its host.

    Unauthorized if it is nobody's or not to be had, Unavailable while its host does not answer. `source` is the
    network that asks: it, and the host, may cause so many fruitless fetches and no more.
    """
    # Bridgy Fed's key ids are no addresses: then the actor that the activity names must list it.
    place = key_id if uris.is_http_uri(key_id) else actor_uri
    host = uris.host_of(place)
    if host is None or uris.is_local(fed.config, place):
        raise Unauthorized("The key of the signature cannot be looked up.")
    if domains.is_suspended(host):
        raise Forbidden("This node does not speak with that domain.")
    share = _Share(host, source)
    name = name_of(key_id, actor_uri)
    with _as_refusals():
        fed.keys.raise_failure(name)
        await _within_limits(fed, share, key_id, actor_uri)
    found = await stored(name)
    if found is None:
        unlisted = Unauthorized("The key of the signature is not listed by its owner.")
        fed.keys.remember(name, unlisted)
        raise unlisted
    share.give_back(fed)
    return found


async def renewed(fed: Federation, key_id: str, known: KnownKey, share: _Share) -> KnownKey | None:
    """The key after one look at its owner, if the known one is old enough to have been replaced; else None."""
    if known.fetched_at > clock.now_ms() - REFETCH_AFTER_MS:
        return None
    share.take(fed)
    name, owner, budget = name_of(key_id, known.owner.uri), known.owner.uri, Budget(_DOCUMENTS)
    with _as_refusals():
        async with asyncio.timeout(LOOKUP_SECONDS):
            await resolve.account(fed, owner, budget=budget, refresh=True)
            found = await stored(name)
            if found is None and uris.is_http_uri(key_id) and uris.without_fragment(key_id) != owner:
                await _owner(fed, key_id, owner, budget)  # perhaps the actor only names it
                found = await stored(name)
    return found


async def _within_limits(fed: Federation, share: _Share, key_id: str, actor_uri: str) -> None:
    share.take(fed)
    name = name_of(key_id, actor_uri)

    async def fetch() -> Account:
        # Whoever looked before another's look-up was done, and comes here after it, finds what that has found.
        known = await stored(name)
        return known.owner if known is not None else await _owner(fed, key_id, actor_uri, Budget(_DOCUMENTS))

    async with asyncio.timeout(LOOKUP_SECONDS):
        await fed.keys.run(name, fetch)


async def _owner(fed: Federation, key_id: str, actor_uri: str, budget: Budget) -> Account:
    """Fetch what the key id names: the actor itself, or a document of the key's own that names its owner."""
    if not uris.is_http_uri(key_id):
        return await resolve.account(fed, actor_uri, budget=budget, refresh=True)
    address = uris.without_fragment(key_id)
    if await store.point(accounts.by_uri, address) is not None:
        return await resolve.account(fed, address, budget=budget, refresh=True)
    budget.spend()
    document = await fetch_json_ld(fed.door, address, await fed.signer())
    if "inbox" in document:
        known = await store.point(accounts.by_uri, str(document.get("id")))
        if known is not None and known.is_confirmed:
            return await resolve.received_actor(fed, document, budget)
        return await resolve.introduced(fed, document)
    try:
        owner = parse_key_document(document).owner_uri
    except BadInput as error:
        raise BadDocument("The key does not say whose it is.") from error
    # Whether that is true the owner decides: the key counts if it is listed there.
    if await store.point(accounts.by_uri, owner) is None:
        return await resolve.introduce(fed, owner, budget, document)
    return await resolve.account(fed, owner, budget=budget, refresh=True, key=document)


@contextmanager
def _as_refusals() -> Iterator[None]:
    """What went wrong with the key, as an answer about the request. Its 404 or 410 is not the inbox's."""
    try:
        yield
    except (Forbidden, TooMany, Unauthorized):
        raise
    except TimeoutError as error:
        raise Unavailable("The host of the key takes too long to answer.") from error
    except NodeError as error:
        lasting = not error.temporary if isinstance(error, FetchError) else not isinstance(error, Unavailable)
        kind = Unauthorized if lasting else Unavailable
        raise kind(f"The key of the signature could not be fetched: {error}") from error
