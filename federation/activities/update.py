"""Somebody elsewhere edited a post, their profile, or a collection of accounts."""

from functools import partial

from federation import uris
from federation.context import Federation
from federation.delivery import forwarding
from federation.facts.note import Envelope, facts_of_note
from federation.fetching import collecting
from federation.finding import resolve
from federation.http.attempts import Work
from federation.inbox import forwarded
from federation.inbox.incoming import Incoming
from federation.parse.featured import COLLECTION
from federation.parse.note import is_post, parse_note
from node import store
from node.models import Account
from node.services.statuses import edits, loading
from node.services.statuses.facts import NoteFacts


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    activity, actor = incoming.activity, incoming.actor
    if activity.object_uri == actor.uri:
        # Keys and names are taken from where they live, not from what was sent along.
        await resolve.account(fed, actor.uri, budget=incoming.budget, refresh=True)
        return None
    if actor.is_gone or not uris.same_origin(activity.object_uri, actor.uri):
        return None
    if activity.object_type == COLLECTION:
        return partial(collecting.look_at, activity.object_uri)
    if activity.embedded is None:
        note = await resolve.fetch_note(fed, activity.object_uri, incoming.budget)
    elif is_post(activity.embedded):
        note = parse_note(activity.embedded, actor.uri)
    else:
        return None
    if note.author_uri != actor.uri or not uris.same_origin(note.uri, actor.uri):
        return None
    envelope = Envelope(audience=activity.audience, inbox_id=incoming.inbox_id or 0)
    facts = await store.point(facts_of_note, fed, note, actor, envelope)
    return partial(_store, actor, facts, incoming)


def _store(actor: Account, facts: NoteFacts, incoming: Incoming) -> None:
    if incoming.passed_on and loading.by_uri(facts.uri) is not None:
        # Whoever has a proof may bring it again, and words, votes and policies would be what they were then.
        forwarded.enqueue(incoming.activity)
        return
    forwarding.pass_on(edits.receive_edit(actor, facts), incoming.passable)
