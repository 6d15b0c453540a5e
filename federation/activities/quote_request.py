"""Somebody elsewhere asks to quote a post of ours (FEP-044f), or to answer one (GoToSocial's ReplyRequest)."""

from dataclasses import replace
from functools import partial

from federation import uris
from federation.context import Federation
from federation.facts.note import facts_of_note
from federation.finding import resolve
from federation.finding.named import known_status
from federation.http.attempts import Work
from federation.inbox.incoming import Incoming
from federation.parse.note import ParsedNote, is_post, parse_note
from node import store
from node.models import Account, Status
from node.services.approvals import policies, quotes, replies
from node.services.approvals.policies import Answer
from node.services.statuses import loading, receiving
from node.services.statuses.facts import NoteFacts


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    note = await _asked_about(fed, incoming)
    if note is None or note.quote != incoming.activity.object_uri or note.quote_is_legacy:
        return None
    facts, target = await _facts(fed, incoming, note)
    if target is None:
        return None
    return partial(_quote, incoming.actor, facts, target, incoming.activity.uri)


async def receive_reply(fed: Federation, incoming: Incoming) -> Work | None:
    """The request is the answer itself, which is judged as if it had come alone."""
    note = await _asked_about(fed, incoming)
    if note is None or note.in_reply_to != incoming.activity.object_uri:
        return None
    facts, target = await _facts(fed, incoming, note)
    if target is None:
        return None
    return partial(_reply, incoming.actor, facts, incoming.activity.uri)


async def _asked_about(fed: Federation, incoming: Incoming) -> ParsedNote | None:
    """The actor's own post: sent along, or fetched from its host."""
    activity, actor = incoming.activity, incoming.actor
    if not uris.is_local(fed.config, activity.object_uri) or not uris.same_origin(activity.instrument_uri, actor.uri):
        return None
    if activity.instrument is not None and is_post(activity.instrument):
        note = parse_note(activity.instrument, actor.uri)
    else:
        note = await resolve.fetch_note(fed, activity.instrument_uri, incoming.budget)
    return note if note.author_uri == actor.uri and uris.same_origin(note.uri, actor.uri) else None


async def _facts(fed: Federation, incoming: Incoming, note: ParsedNote) -> tuple[NoteFacts, Status | None]:
    # The request is for one person; whom the post is for, it says itself.
    facts = await store.point(facts_of_note, fed, note, incoming.actor)
    target = await store.point(known_status, fed, incoming.activity.object_uri)
    return facts, target if target is not None and target.local else None


def _quote(actor: Account, facts: NoteFacts, target: Status, request_uri: str) -> None:
    """What the actor cannot read, it is not answered about: so answers what does not exist."""
    if target.local_only or not loading.visible_ids(actor.id, [target.id]):
        return
    status: Status | None = None
    if policies.on_quote(target, actor.id) is not Answer.DENIED:
        # Whoever is asked must be able to read what it is about.
        facts = replace(facts, silent_mentions=(*facts.silent_mentions, target.account_id))
        status = receiving.receive(actor, facts, asked=True)
    else:
        known = loading.by_uri(facts.uri)
        status = known if known is not None and known.account_id == actor.id else None
    quotes.requested(actor, status, target, request_uri, facts.uri)


def _reply(actor: Account, facts: NoteFacts, request_uri: str) -> None:
    status = receiving.receive(actor, facts)
    if status is not None:
        replies.requested(status, request_uri)
