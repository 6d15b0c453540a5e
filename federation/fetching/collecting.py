"""Collections of accounts elsewhere, read from where they live: a few members at a time (docs/adr/0029-collections.md)."""

from contextlib import suppress
from functools import partial
from typing import NamedTuple

from federation import uris
from federation.context import Federation
from federation.errors import BadDocument, BadStatus, FetchError
from federation.fetching import related
from federation.finding import resolve, stamps
from federation.finding.named import local_account
from federation.http.attempts import Work, attempt
from federation.http.budget import Budget
from federation.http.documents import fetch_json_ld
from federation.parse.featured import STAMP, ParsedFeatured, ParsedMember, parse_featured, parse_member
from federation.parse.stamp import ParsedStamp
from node import clock, jobs, store
from node.errors import BadInput, NodeError
from node.jobs import JobKind, Priority, TakenJob
from node.models import Account
from node.services.accounts import lookup as account_lookup
from node.services.collections import received
from node.services.collections.received import CollectionFacts, Member
from node.text.names import clean_line
from node.text.plain import plain_text
from node.text.render import clean_source
from node.text.sanitize import sanitize

# A member that nobody here has heard of costs its item, its actor, its handle and its stamp.
_AT_ONCE = 10
_FETCHES = 3 + _AT_ONCE * 6


def look_at(uri: str, start: int = 0) -> None:
    """Inside a unit of work: read the collection at `uri`, from its member `start` on."""
    jobs.enqueue(JobKind.FETCH_COLLECTION, payload={"uri": uri, "start": start}, priority=Priority.BULK, once=True)


async def fetch(fed: Federation, job: TakenJob) -> None:
    """FETCH_COLLECTION."""
    uri, start = str(job.payload.get("uri", "")), int(job.payload.get("start", 0))
    # What is said from here on is for the next one.
    await store.write(jobs.allow_another, job)
    await attempt(fed.lanes, job, partial(_collect, fed, uri, start), host=uris.host_of(uri) or "", fetches=_FETCHES)


async def fetch_list(fed: Federation, job: TakenJob) -> None:
    """FETCH_COLLECTIONS: those that somebody shows on their profile."""
    uri, owner = str(job.payload.get("uri", "")), await store.point(account_lookup.by_id, job.subject)
    if owner is None or owner.is_gone or not uris.same_origin(uri, owner.uri):
        await store.write(jobs.finish, job)
        return
    await attempt(fed.lanes, job, partial(_listed, fed, uri, owner), host=uris.host_of(uri) or "", fetches=5)


async def _listed(fed: Federation, uri: str, owner: Account, budget: Budget) -> Work:
    found = await related.items(fed, uri, received.MAX_COLLECTIONS, owner.uri, budget)
    return partial(_look_at_all, found)


def _look_at_all(found: list[str]) -> None:
    for uri in found:
        look_at(uri)


async def collection_at(fed: Federation, uri: str, budget: Budget) -> tuple[Account, ParsedFeatured]:
    """As its node shows it, and its owner."""
    budget.spend()
    document = await fetch_json_ld(fed.door, uri, await fed.signer())
    try:
        found = parse_featured(document)
    except BadInput as error:
        raise BadDocument(str(error)) from error
    return await resolve.account(fed, found.owner_uri, budget=budget), found


class _Seen(NamedTuple):
    """What a look at one member came to: where it stands, or whose stamp is not true."""

    member: Member | None
    refuted_id: int | None = None


async def _collect(fed: Federation, uri: str, start: int, budget: Budget) -> Work | None:
    if uris.is_local(fed.config, uri):
        return None
    try:
        owner, found = await collection_at(fed, uri, budget)
    except BadStatus as error:
        if error.status in (404, 410):
            return partial(received.forget, uri)
        raise
    seen = []
    for position, one in enumerate(found.members[start : start + _AT_ONCE], start + 1):
        # One whose node does not answer keeps the others waiting for nothing; the next look finds it.
        with suppress(NodeError):
            seen.append(await _look(fed, found.uri, one, position, budget))
    return partial(_store, owner, found, start, [one for one in seen if one is not None])


async def _look(
    fed: Federation, collection_uri: str, one: ParsedMember, position: int, budget: Budget
) -> _Seen | None:
    if not one.account_uri:
        budget.spend()
        document = await fetch_json_ld(fed.door, one.uri, await fed.signer())
        found = parse_member(document, collection_uri)
        if found is None or found.uri != one.uri:
            return None
        one = found
    if uris.is_local(fed.config, one.account_uri):
        here = await store.point(local_account, fed, one.account_uri)
        return _Seen(_member(one, here, position)) if here is not None else None
    if not uris.same_origin(one.stamp_uri, one.account_uri):
        return None
    account = await resolve.account(fed, one.account_uri, budget=budget)
    if account.is_gone:
        return None
    if not await store.point(received.is_fresh, collection_uri, account.id, one.stamp_uri):
        wanted = ParsedStamp(
            uri=one.stamp_uri,
            type=STAMP,
            author_uri=account.uri,
            interacting_uri=collection_uri,
            target_uri=account.uri,
        )
        try:
            if not await stamps.is_true(fed, wanted, budget):
                return _Seen(None, account.id)
        except FetchError:
            return None
    return _Seen(_member(one, account, position))


def _member(one: ParsedMember, account: Account, position: int) -> Member:
    return Member(
        account_id=account.id,
        uri=one.uri,
        stamp_uri=one.stamp_uri,
        position=position,
        is_local=account.is_local,
    )


def _store(owner: Account, found: ParsedFeatured, start: int, seen: list[_Seen]) -> None:
    collection = received.receive(owner, facts_of(found))
    if collection is None:
        return
    received.keep_listed(collection, (one.uri for one in found.members))
    for one in seen:
        if one.member is not None:
            received.place(collection, one.member)
        elif one.refuted_id is not None:
            received.displace(collection.uri, one.refuted_id)
    following = start + _AT_ONCE
    if following < len(found.members):
        look_at(collection.uri, following)


def facts_of(found: ParsedFeatured) -> CollectionFacts:
    """Plain text: some send HTML."""
    created = found.published_at or clock.now_ms()
    return CollectionFacts(
        uri=found.uri,
        url=found.url,
        name=clean_line(_plain(found.name)) or "…",
        description=clean_source(_plain(found.description)),
        language=found.language,
        sensitive=found.sensitive,
        discoverable=found.discoverable,
        hashtag=found.hashtag,
        created_at=created,
        updated_at=found.updated_at or created,
    )


def _plain(text: str) -> str:
    return plain_text(sanitize(text)) if "<" in text or "&" in text else text
