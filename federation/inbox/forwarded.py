"""What one server passes on of another's people: answers to its own posts, with an embedded signature (7.1.2).

Who passes it on proves nothing. An integrity proof by a key that is known here does; anything else is a hint to look
at the origin.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final

from federation import uris
from federation.context import Federation
from federation.errors import BadStatus
from federation.finding import keys, resolve
from federation.http.attempts import Work, attempt
from federation.http.budget import Budget
from federation.parse.activity import ParsedActivity
from federation.parse.as2 import BadActivity
from federation.parse.note import ParsedNote, parse_note
from federation.proofs import parse_proof
from node import clock, jobs, store
from node.jobs import JobKind, Priority, TakenJob
from node.models import Account, Status
from node.services.accounts import lookup as account_lookup
from node.services.statuses import deletion, edits, loading, receiving
from node.services.statuses.facts import NoteFacts

FetchNote = Callable[[Federation, str, Budget], Awaitable[ParsedNote]]

_KINDS: Final = frozenset({"Create", "Update", "Delete"})
_FETCHES = 8
# Servers try for days to pass something on; what comes later than that is asked for at its origin.
_FRESH_MS = 2 * clock.DAY


def is_forwarded(document: dict[str, Any], activity: ParsedActivity, sender: Account) -> bool:
    """Whether the activity of somebody on a third server, about something there, was passed on to us.

    Mastodon passes on only what has an embedded signature; without one, it is somebody speaking in another's name.
    """
    return (
        activity.type in _KINDS
        and (isinstance(document.get("signature"), dict) or isinstance(document.get("proof"), dict))
        and not uris.same_origin(activity.actor_uri, sender.uri)
        and uris.same_origin(activity.object_uri, activity.actor_uri)
        and activity.object_uri != activity.actor_uri
    )


async def proved_author(document: dict[str, Any], activity: ParsedActivity) -> Account | None:
    """Who the activity is by, if that is proved by what it carries and what is known here: nobody is asked.

    Whoever has a proof may bring it again, though its maker has changed or deleted since what it is about: only a fresh
    one is the last word.
    """
    now = clock.now_ms()
    proof = parse_proof(document, now)
    if proof is None or proof.created_at is None or proof.created_at < now - _FRESH_MS:
        return None
    known = await keys.stored(proof.key_id)
    if known is None or known.owner.uri != activity.actor_uri or not proof.verify(known.public):
        return None
    return known.owner


def enqueue(activity: ParsedActivity, *, relayed: bool = False) -> None:
    """Inside a unit of work. Only what is known here, or answers what is, is a reason to ask a third server; from a
    relay, `relayed`, whatever it brings."""
    is_wanted = relayed and activity.type == "Create"
    if not is_wanted and loading.by_uri(activity.object_uri) is None and loading.by_uri(_answered(activity)) is None:
        return
    payload = {
        "uri": activity.object_uri,
        "actor": activity.actor_uri,
        "relayed": is_wanted,
        "new": activity.type == "Create",
    }
    jobs.enqueue(JobKind.FETCH_FORWARDED, payload=payload, priority=Priority.BULK, once=True)


def _answered(activity: ParsedActivity) -> str:
    try:
        return parse_note(activity.embedded).in_reply_to if activity.embedded is not None else ""
    except BadActivity:
        return ""


async def fetch(fed: Federation, job: TakenJob) -> None:
    """FETCH_FORWARDED: make what is here as it is at its origin."""
    uri, actor_uri = str(job.payload.get("uri", "")), str(job.payload.get("actor", ""))
    # A post that is said to be new is the same for all who ask for it now; one that changed must be asked for anew.
    fetch_note = resolve.fetch_note_once if job.payload.get("new") else resolve.fetch_note
    look = partial(_look, fed, uri, actor_uri, fetch_note, relayed=bool(job.payload.get("relayed")))
    await attempt(fed.lanes, job, look, host=uris.host_of(uri) or "", fetches=_FETCHES)


async def _look(
    fed: Federation, uri: str, actor_uri: str, fetch_note: FetchNote, budget: Budget, *, relayed: bool
) -> Work | None:
    try:
        note = await fetch_note(fed, uri, budget)
    except BadStatus as error:
        if error.status not in (404, 410):
            raise
        author = await store.point(account_lookup.by_uri, actor_uri)
        known = await store.point(loading.by_uri, uri)
        return partial(deletion.receive_delete, author, uri) if author is not None and known is not None else None
    if note.author_uri != actor_uri:
        return None
    author, facts = await resolve.facts_of_fetched(fed, note, budget)
    return partial(_take_in, author, facts, relayed)


def _take_in(author: Account, facts: NoteFacts, relayed: bool) -> Status | None:
    if loading.by_uri(facts.uri) is not None:
        return edits.receive_edit(author, facts)
    return receiving.receive(author, facts, asked=relayed or answers_what_is_here(facts))


def answers_what_is_here(facts: NoteFacts) -> bool:
    """That is why it is passed on; so the answer may be here as well."""
    return facts.in_reply_to_uri != "" and loading.by_uri(facts.in_reply_to_uri) is not None
