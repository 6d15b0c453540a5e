"""From an address or a handle to an Account or a Status, fetched from its origin if it is unknown here.

Everything is asked for by the instance actor, once however many wait for it, within the budget of what caused it;
what could not be had is not asked for again for a while.
"""

from dataclasses import replace
from functools import partial

from federation import uris
from federation.context import Budget, Federation
from federation.errors import BadDocument, BadStatus, Refused
from federation.facts.actor import facts_of_actor, introduction_of
from federation.facts.note import facts_of_note
from federation.finding import handles
from federation.finding.totals import totals
from federation.finding.webfinger import Found
from federation.http.documents import fetch_json_ld
from federation.parse import as2
from federation.parse.actor import ParsedActor, parse_actor, with_key
from federation.parse.as2 import Document
from federation.parse.handle import Handle
from federation.parse.note import ParsedNote, parse_note
from node import jobs, store
from node.config import host_without_port
from node.errors import BadInput, Forbidden, Gone, NotFound
from node.jobs import JobKind, Priority
from node.models import Account, Destination, Status
from node.services import accounts
from node.services.accounts import ActorFacts
from node.services.accounts import lookup as account_lookup
from node.services.community import emoji
from node.services.community.emoji import EmojiFacts
from node.services.servers import domains
from node.services.statuses import loading, receiving
from node.services.statuses.facts import NoteFacts
from node.store import Prepared, param

NOTHING = "There is nothing here that this node could show."


# ── accounts ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def account(
    fed: Federation,
    uri: str,
    *,
    budget: Budget,
    refresh: bool = False,
    counted: bool = False,
    key: Document | None = None,
) -> Account:
    """The account that `uri` is the id of; with `refresh` as its origin describes it now.

    `counted`: when it is fetched, so are its numbers of posts and followers. `key`: what stands where one of its keys
    is said to be, for actors who only name their keys.

    NotFound, Gone, Forbidden for suspended domains, or a `FetchError`. What is known is answered in any state.
    """
    known = await store.point(account_lookup.by_uri, uri)
    if uris.is_local(fed.config, uri):
        if known is None:
            raise NotFound(NOTHING)
        return known
    if known is not None and known.deleted_at is None and not known.is_confirmed and not refresh:
        return await fed.actors.run(uri, partial(_confirm, fed, uri, budget))
    if known is not None and (not refresh or known.deleted_at is not None):
        return known
    budget.spend()
    return await fed.actors.run(uri, partial(_fetch_actor, fed, uri, budget, counted=counted, key=key))


async def introduced(fed: Federation, document: Document, key: Document | None = None) -> Account:
    """Get to know an actor of a fetched document as far as its keys go; who it is, is asked later (`account`).

    This is what somebody waits for whose first activity came, so it asks nobody anything.
    """
    actor = with_key(_parsed_actor(document), key)
    host = uris.host_of(actor.uri) or ""
    await _check_host(fed, actor.uri, host)
    fed.met.put(actor.uri, actor)
    return await store.write(accounts.introduce, introduction_of(actor, host))


async def introduce(fed: Federation, uri: str, budget: Budget, key: Document) -> Account:
    """The same for an actor that is known by its id alone; one fetch."""
    budget.spend()
    return await introduced(fed, await _actor_document(fed, uri), key)


async def _confirm(fed: Federation, uri: str, budget: Budget) -> Account:
    met = fed.met.get(uri)
    if met is not None:
        return await _received(fed, met, budget)
    budget.spend()
    return await _fetch_actor(fed, uri, budget)


async def by_handle(fed: Federation, handle: Handle, *, budget: Budget) -> Account:
    """The account that a handle names. Known ones are answered without asking."""
    known = await store.point(account_lookup.find, handle.username, handle.domain)
    if known is not None or handle.domain in uris.own_hosts(fed.config):
        if known is None or known.deleted_at is not None:
            raise NotFound(NOTHING)
        return known
    if domains.is_suspended(handle.domain):
        raise Forbidden("This node does not speak with that domain.")

    async def fetch() -> Account:
        found = await handles.find(fed, handle, budget)
        known = await store.point(account_lookup.by_uri, found.actor_uri)
        if (
            known is not None
            and known.is_confirmed
            and (known.username.casefold(), known.domain)
            == (
                found.handle.username.casefold(),
                found.handle.domain,
            )
        ):
            return known
        if uris.is_local(fed.config, found.actor_uri):
            raise NotFound(NOTHING)
        budget.spend()
        return await _fetch_actor(fed, found.actor_uri, budget, found)

    return await fed.handles.run(str(handle).lower(), fetch)


async def received_actor(fed: Federation, document: Document, budget: Budget) -> Account:
    """Store the actor of a document that was fetched from its origin."""
    return await _received(fed, _parsed_actor(document), budget)


def _parsed_actor(document: Document) -> ParsedActor:
    try:
        return parse_actor(document)
    except BadInput as error:
        raise BadDocument(str(error)) from error


async def _received(
    fed: Federation, actor: ParsedActor, budget: Budget, found: Found | None = None, *, counted: bool = False
) -> Account:
    """`found`: what WebFinger said on the way here."""
    await _check_host(fed, actor.uri, uris.host_of(actor.uri) or "")
    handle = await handles.confirm(fed, actor, budget, found)
    moved_to = await store.point(account_lookup.by_uri, actor.moved_to) if actor.moved_to else None
    # Both must say so; followers follow along only when it is told by a Move.
    has_moved = moved_to is not None and accounts.agrees(moved_to, actor.uri)
    facts = facts_of_actor(actor, handle, moved_to.id if moved_to is not None and has_moved else None)
    if counted:
        count = await totals(fed, actor, budget)
        facts = replace(
            facts,
            statuses_count=count.statuses,
            followers_count=count.followers,
            following_count=count.following,
        )
    # Whoever counts them is about to show them.
    lists = {
        JobKind.FETCH_TAGS: actor.featured_tags if counted else "",
        JobKind.FETCH_COLLECTIONS: actor.featured_collections if counted else "",
    }
    return await store.write(_store_actor, facts, actor.suspended, _emoji(actor), lists)


async def _fetch_actor(
    fed: Federation,
    uri: str,
    budget: Budget,
    found: Found | None = None,
    *,
    counted: bool = False,
    key: Document | None = None,
) -> Account:
    actor = with_key(_parsed_actor(await _actor_document(fed, uri)), key)
    return await _received(fed, actor, budget, found, counted=counted)


async def _actor_document(fed: Federation, uri: str) -> Document:
    host = uris.host_of(uri)
    if host is None:
        raise Refused("This is not an address that can be asked for.")
    if domains.is_suspended(host):
        raise Forbidden("This node does not speak with that domain.")
    await _check_host(fed, uri, host)
    try:
        document = await fetch_json_ld(fed.door, uri, await fed.signer())
    except BadStatus as error:
        if error.status == 410:
            await store.write(accounts.delete_received, uri)
            raise Gone("This account has been deleted.") from error
        raise
    # What is asked in the name of this one would else be done in the name of whomever its server points to.
    if document.get("id") != uri:
        raise BadDocument("The actor at this address is somebody else.")
    return document


def _store_actor(
    facts: ActorFacts, suspended: bool, pictures: tuple[EmojiFacts, ...], lists: dict[JobKind, str]
) -> Account:
    received = accounts.receive(facts)
    for kind, uri in lists.items():
        if uri and not received.is_gone:
            jobs.enqueue(kind, received.id, payload={"uri": uri}, priority=Priority.BULK, once=True)
    if suspended:
        accounts.suspend_received(facts.uri)
    elif received.suspended_at is not None:
        accounts.unsuspend_received(facts.uri)
    if pictures and not received.is_gone:
        emoji.receive(facts.domain, pictures)
    return account_lookup.by_uri(facts.uri) or received


def _emoji(actor: ParsedActor) -> tuple[EmojiFacts, ...]:
    return tuple(
        EmojiFacts(shortcode=one.shortcode, image_url=one.image_url, uri=one.uri, updated_at=one.updated_at)
        for one in actor.tags.emoji
    )


# ── statuses ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def status(fed: Federation, uri: str, budget: Budget) -> Status | None:
    """The status that `uri` is the id of; None if it is not to be had here: deleted, or its author is gone.

    NotFound for what never was on this node, or a `FetchError`. Nobody's right to read it is asked for.
    """
    known = await store.point(loading.by_uri, uri)
    if known is not None:
        return known
    if uris.is_local(fed.config, uri):
        raise NotFound(NOTHING)

    async def fetch() -> Status | None:
        return await received_note(fed, await fetch_note_once(fed, uri, budget), budget)

    return await fed.notes.run(uri, fetch)  # stored once, too


async def fetch_note(fed: Federation, uri: str, budget: Budget) -> ParsedNote:
    """The note at `uri` as its origin shows it to us now: for what changed a moment ago."""
    budget.spend()
    return await _note_at(fed, uri)


async def fetch_note_once(fed: Federation, uri: str, budget: Budget) -> ParsedNote:
    """The same, but however many want it at once, one asks; and what could not be had is not asked for for a while."""
    fed.posts.raise_failure(uri)
    budget.spend()  # whoever waits for another's request holds a place just as well
    return await fed.posts.run(uri, partial(_note_at, fed, uri))


async def _note_at(fed: Federation, uri: str) -> ParsedNote:
    host = uris.host_of(uri)
    if host is None or domains.is_suspended(host):
        raise Refused("This is not an address that can be asked for.")
    document = await fetch_json_ld(fed.door, uri, await fed.signer())
    if as2.type_of(document) == "Tombstone":  # some serve it with a 200
        raise BadStatus(host, 410)
    return parsed_note(document)


def parsed_note(document: Document) -> ParsedNote:
    """The note of a document that was fetched from its origin."""
    try:
        return parse_note(document)
    except BadInput as error:
        raise BadDocument(str(error)) from error


async def received_note(fed: Federation, note: ParsedNote, budget: Budget) -> Status | None:
    """Store a note that was fetched from its origin because somebody here wants it."""
    author, facts = await facts_of_fetched(fed, note, budget)
    return await store.write(partial(receiving.receive, author, facts, asked=True))


async def facts_of_fetched(fed: Federation, note: ParsedNote, budget: Budget) -> tuple[Account, NoteFacts]:
    """A fetched note, ready to be stored, and its author, who lives on its host."""
    author = await account(fed, note.author_uri, budget=budget)
    return author, await store.point(facts_of_note, fed, note, author)


# ── hosts ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_DESTINATION = Prepared(
    lambda: Destination.select(Destination.id).where(Destination.host == param("host")), lambda row_id: int(row_id)
)


async def _check_host(fed: Federation, actor_uri: str, host: str) -> None:
    """Whoever owns a domain has any number of names below it, and so of servers: only a few new ones at a time."""
    parent = _parent_of(host)
    if host_without_port(host) == parent or fed.hosts.get(host):
        return
    if not await store.point(_is_known, actor_uri, host) and not fed.subdomains.take(parent):
        raise Refused("Too many new servers of one domain at once.")
    fed.hosts.put(host, True)


def _is_known(actor_uri: str, host: str) -> bool:
    return account_lookup.by_uri(actor_uri) is not None or _DESTINATION.first(host=host) is not None


def _parent_of(host: str) -> str:
    """The part of a host's name that somebody registered, nearly: `co.uk` and its like have a label more."""
    name = host_without_port(host)
    labels = name.split(".")
    if labels[-1].isdigit() or name.startswith("["):
        return name
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if short else labels[-2:])
