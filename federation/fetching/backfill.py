"""The last posts of somebody who has just been followed for the first time: a profile that is not empty (ADR 21)."""

import asyncio
from contextlib import suppress
from functools import partial

from federation import uris
from federation.context import Federation
from federation.facts.note import facts_of_note
from federation.fetching.completing import fetch_list
from federation.finding import resolve
from federation.http.attempts import Work, attempt
from federation.http.budget import Budget
from federation.parse.as2 import BadActivity, Document
from federation.parse.collection import ParsedItem, parse_collection
from federation.parse.note import ParsedNote, is_post, parse_note
from node import clock, jobs, store
from node.errors import NodeError
from node.jobs import TakenJob
from node.models import Account
from node.models.access import OPEN
from node.services.accounts import lookup as account_lookup
from node.services.statuses import receiving
from node.services.statuses.facts import NoteFacts

MAX_POSTS = 20
MAX_PAGES = 4  # an outbox is mostly boosts with some people
_NEWS_MS = clock.MINUTE
_SECONDS = 15.0  # what came by then is kept


async def outbox(fed: Federation, job: TakenJob) -> None:
    """FETCH_OUTBOX: the newest posts that an account shows to everybody."""
    owner = await store.point(account_lookup.by_id, job.subject)
    if owner is None or owner.is_gone or not uris.same_origin(owner.outbox, owner.uri):
        await store.write(jobs.finish, job)
        return
    host = uris.host_of(owner.uri) or ""
    await attempt(fed.lanes, job, partial(_posts, fed, owner), host=host, fetches=MAX_PAGES + MAX_POSTS)


async def _posts(fed: Federation, owner: Account, budget: Budget) -> Work:
    found: dict[str, NoteFacts] = {}
    try:
        async with asyncio.timeout(_SECONDS):
            await _walk(fed, owner, budget, found)
    except (NodeError, TimeoutError):
        if not found:
            raise
    return partial(_store, owner, list(found.values()))


async def _walk(fed: Federation, owner: Account, budget: Budget, found: dict[str, NoteFacts]) -> None:
    following, seen = owner.outbox, set[str]()
    while following and following not in seen and len(seen) < MAX_PAGES and len(found) < MAX_POSTS:
        seen.add(following)
        page = await fetch_list(fed, following, budget)
        if page.first_page is not None:
            page = parse_collection(page.first_page, following)
        for item in page.items:
            if len(found) < MAX_POSTS:
                with suppress(NodeError):
                    note = await _note(fed, owner, item, budget)
                    facts = None if note is None else await store.point(facts_of_note, fed, note, owner)
                    if facts is not None and facts.visibility in OPEN:
                        found[facts.uri] = facts
        following = page.next_uri or page.first_uri


async def _note(fed: Federation, owner: Account, item: ParsedItem, budget: Budget) -> ParsedNote | None:
    """The owner's own post: as it stands in the owner's own outbox, or else as its host shows it."""
    embedded = item.embedded
    if embedded is not None and not is_post(embedded):
        if embedded.get("type") != "Create":
            return None  # a boost
        body = embedded.get("object")
        embedded = body if isinstance(body, dict) else None
    uri = item.post_uri
    if not uris.same_origin(uri, owner.uri):
        return None
    note = _parsed(embedded, owner) if embedded is not None else await resolve.fetch_note_once(fed, uri, budget)
    is_own = note is not None and note.author_uri == owner.uri and uris.same_origin(note.uri, owner.uri)
    return note if is_own else None


def _parsed(document: Document, owner: Account) -> ParsedNote | None:
    try:
        return parse_note(document, owner.uri) if is_post(document) else None
    except BadActivity:
        return None


def _store(owner: Account, posts: list[NoteFacts]) -> None:
    """The oldest first, so that each finds the one that it goes on from. They are no news to anybody.

    But for what was written just now: it is on its way here as well, and whichever way it comes first, it is told of.
    """
    just_now = clock.now_ms() - _NEWS_MS
    for facts in sorted(posts, key=lambda one: one.created_at):
        receiving.receive(owner, facts, asked=True, quiet=facts.created_at < just_now)
