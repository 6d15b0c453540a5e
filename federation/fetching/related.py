"""Jobs that complete what is here: the posts above and below a post, actors as they are now, what they pinned."""

import asyncio
from contextlib import suppress
from functools import partial

from federation import uris
from federation.context import Federation
from federation.finding import resolve
from federation.http.attempts import Work, attempt
from federation.http.budget import Budget
from federation.http.documents import activity_document, fetch_json_ld
from federation.parse.as2 import Document
from federation.parse.collection import ParsedCollection, parse_collection
from federation.parse.tag import parse_tags
from node import jobs, store
from node.errors import NodeError
from node.jobs import TakenJob
from node.models import Account, Status
from node.services.accounts import featured_tags
from node.services.accounts import lookup as account_lookup
from node.services.interactions import pins
from node.services.statuses import ancestry, loading, receiving
from node.services.statuses.facts import NoteFacts
from node.store import Prepared, param

MAX_ANCESTORS = 50
MAX_REPLIES = 5  # of one post, of its own host, as Mastodon does
MAX_FEATURED = 20
# A thread that has grown so long is not followed further up: somebody may be making it up as we go.
LONGEST_THREAD = 500
_MAX_PAGES = 3
# What was found by then is kept, though not all of it was.
_SECONDS = 12.0

_THREAD = Prepared(
    lambda: Status.select(Status.id).where(Status.thread == param("thread")).limit(LONGEST_THREAD), lambda i: int(i)
)


# ── above ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def parent(fed: Federation, job: TakenJob) -> None:
    """FETCH_PARENT: all that the post answers, up to the first of its thread or to what is known."""
    status = await store.point(loading.by_id, job.subject)
    if status is None or not await store.read(_is_open_ended, status):
        await store.write(jobs.finish, job)
        return
    climb = partial(_ancestors, fed, status.in_reply_to_uri)
    await attempt(fed.lanes, job, climb, host=_host(status.uri), fetches=MAX_ANCESTORS * 3)


def _is_open_ended(status: Status) -> bool:
    if status.in_reply_to_id is not None or not status.in_reply_to_uri:
        return False
    return status.thread_id is None or len(_THREAD.all(thread=status.thread_id)) < LONGEST_THREAD


async def _ancestors(fed: Federation, uri: str, budget: Budget) -> Work:
    found: list[tuple[Account, NoteFacts]] = []
    try:
        async with asyncio.timeout(_SECONDS):
            await _climb(fed, uri, budget, found)
    except (NodeError, TimeoutError):
        if not found:
            raise
    return partial(_store_thread, uri, found)


async def _climb(fed: Federation, uri: str, budget: Budget, found: list[tuple[Account, NoteFacts]]) -> None:
    seen: set[str] = set()
    while uri and uri not in seen and len(found) < MAX_ANCESTORS:
        seen.add(uri)
        if uris.is_local(fed.config, uri) or await store.point(loading.by_uri, uri) is not None:
            return
        note = await resolve.fetch_note_once(fed, uri, budget)
        found.append(await resolve.facts_of_fetched(fed, note, budget))
        uri = note.in_reply_to


def _store_thread(parent_uri: str, found: list[tuple[Account, NoteFacts]]) -> None:
    """From the top downwards, so that each post finds the one that it answers."""
    for author, facts in reversed(found):
        receiving.receive(author, facts, asked=True)
    if parent := loading.by_uri(parent_uri):
        # On PostgreSQL a post and its answer can be stored in one moment, neither transaction seeing the other.
        ancestry.adopt_orphans(parent)


# ── below ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def replies(fed: Federation, job: TakenJob) -> None:
    """FETCH_REPLIES: a few answers that the author's own server lists; other answers come by themselves."""
    status = await store.point(loading.by_id, job.subject)
    collection = str(job.payload.get("uri", ""))
    if status is None or not uris.same_origin(collection, status.uri):
        await store.write(jobs.finish, job)
        return
    descend = partial(_answers, fed, collection, status.uri)
    await attempt(fed.lanes, job, descend, host=_host(status.uri), fetches=MAX_REPLIES * 4)


async def _answers(fed: Federation, collection: str, status_uri: str, budget: Budget) -> None:
    await _quietly(fed, await items(fed, collection, MAX_REPLIES, status_uri, budget), budget)


# ── accounts ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def account(fed: Federation, job: TakenJob) -> None:
    """FETCH_ACCOUNT: an actor as it is now, and how many follow it."""
    uri = str(job.payload.get("uri", ""))
    await attempt(fed.lanes, job, partial(_refresh, fed, uri), host=_host(uri), fetches=10)


async def _refresh(fed: Federation, uri: str, budget: Budget) -> None:
    await resolve.account(fed, uri, budget=budget, refresh=True, counted=True)


async def featured(fed: Federation, job: TakenJob) -> None:
    """FETCH_FEATURED: the posts that stand on top of a profile."""
    owner = await store.point(account_lookup.by_id, job.subject)
    if owner is None or owner.is_gone or not uris.same_origin(owner.featured_uri, owner.uri):
        await store.write(jobs.finish, job)
        return
    await attempt(fed.lanes, job, partial(_pinned, fed, owner), host=_host(owner.uri), fetches=MAX_FEATURED * 2)


async def _pinned(fed: Federation, owner: Account, budget: Budget) -> Work:
    listed = await items(fed, owner.featured_uri, MAX_FEATURED, owner.uri, budget)
    found = await _quietly(fed, listed, budget)
    return partial(pins.replace_received, owner, [status.id for status in found if status.account_id == owner.id])


async def tags(fed: Federation, job: TakenJob) -> None:
    """FETCH_TAGS: the hashtags that stand on a profile."""
    owner, uri = await store.point(account_lookup.by_id, job.subject), str(job.payload.get("uri", ""))
    if owner is None or owner.is_gone or not uris.same_origin(uri, owner.uri):
        await store.write(jobs.finish, job)
        return
    await attempt(fed.lanes, job, partial(_tags, fed, owner, uri), host=_host(uri), fetches=1)


async def _tags(fed: Federation, owner: Account, uri: str, budget: Budget) -> Work:
    budget.spend()
    listed = parse_collection(await fetch_json_ld(fed.door, uri, await fed.signer()), uri)
    if listed.first_page is not None:
        listed = parse_collection(listed.first_page, uri)
    found = parse_tags([item.embedded for item in listed.items if item.embedded is not None])
    return partial(featured_tags.replace_received, owner, found.hashtags)


def _host(uri: str) -> str:
    return uris.host_of(uri) or ""


# ── collections ────────────────────────────────────────────────────────────────────────────────────────────────────


async def _quietly(fed: Federation, listed: list[str], budget: Budget) -> list[Status]:
    """Those that can be had in the time there is: that one cannot keeps nobody from the others."""
    found: list[Status] = []
    with suppress(TimeoutError):
        async with asyncio.timeout(_SECONDS):
            for uri in listed:
                with suppress(NodeError):
                    status = await resolve.status(fed, uri, budget)
                    found += [status] if status is not None else []
    return found


async def items(fed: Federation, uri: str, limit: int, host_of: str, budget: Budget) -> list[str]:
    """The first items of a collection that live on the host of `host_of`; a few pages at most, none twice."""
    found: dict[str, None] = {}
    pages: set[str] = set()
    budget.spend()
    page: ParsedCollection | None = parse_collection(await fetch_json_ld(fed.door, uri, await fed.signer()), uri)
    while page is not None and len(found) < limit:
        for item in page.items:
            if uris.same_origin(item.post_uri, host_of) and len(found) < limit:
                found[item.post_uri] = None
        following = page.next_uri or page.first_uri
        if page.first_page is not None:
            page = parse_collection(page.first_page, uri)
        elif following and following not in pages and len(pages) < _MAX_PAGES:
            pages.add(following)
            budget.spend()
            page = parse_collection(await _page(fed, following), uri)
        else:
            page = None
    return list(found)


async def _page(fed: Federation, uri: str) -> Document:
    """Pages need no id of their own; their collection's host served them."""
    return activity_document(await fed.door.fetch(uri, signer=await fed.signer()))
