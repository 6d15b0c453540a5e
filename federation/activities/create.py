"""Somebody elsewhere posted, or voted in a poll of ours, which has the shape of a post (ActivityPub, 7.2)."""

from functools import partial

from federation import ignored, uris
from federation.context import Federation
from federation.delivery import forwarding
from federation.facts.note import Envelope, facts_of_note
from federation.finding import mentions, resolve
from federation.http.attempts import Work
from federation.inbox import forwarded
from federation.inbox.incoming import Incoming
from federation.parse.note import ParsedNote, is_post, parse_note
from node import store
from node.models import Account
from node.services.interactions import polls
from node.services.statuses import arrival, loading, receiving
from node.services.statuses.facts import NoteFacts


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    activity, actor = incoming.activity, incoming.actor
    if activity.object_uri and not uris.same_origin(activity.object_uri, actor.uri):
        return None  # what lives elsewhere is for its own host to tell
    if activity.embedded is None:
        note = await resolve.fetch_note_once(fed, activity.object_uri, incoming.budget)
    elif is_post(activity.embedded):
        note = parse_note(activity.embedded, actor.uri)
    else:
        return None
    if note.author_uri != actor.uri or not uris.same_origin(note.uri, actor.uri):
        return None
    if (
        note.vote
        and uris.is_local(fed.config, note.in_reply_to)
        and await store.point(_may_be_a_poll, note.in_reply_to)
    ):
        return partial(_vote, actor, note)
    envelope = Envelope(audience=activity.audience, inbox_id=incoming.inbox_id or 0)
    await mentions.resolve_for_readers(fed, note, incoming.budget)
    facts = await store.point(facts_of_note, fed, note, actor, envelope)
    return partial(_store, actor, facts, incoming)


def _store(actor: Account, facts: NoteFacts, incoming: Incoming) -> None:
    is_new = bool(incoming.passable) and loading.by_uri(facts.uri) is None
    # It was passed on because of what it answers; if that is here, so may the answer be.
    status = receiving.receive(actor, facts, asked=incoming.passed_on and forwarded.answers_what_is_here(facts))
    if status is None:
        store.after_commit(partial(ignored.count, "Create", "concerns nobody"))
    if is_new:
        forwarding.pass_on(status, incoming.passable)
    if status is not None and facts.silent_mentions:
        # The same post came to several inboxes, for the owner of each alone.
        arrival.mention(status.id, facts.silent_mentions, silent=True)


def _may_be_a_poll(uri: str) -> bool:
    """Or have been one: a late vote is no post either. But a picture, too, may answer with a name and no words."""
    status = loading.by_uri(uri)
    return status is None or polls.of_status(status.id) is not None


def _vote(actor: Account, note: ParsedNote) -> None:
    """Whether it counts or not, it is never shown as a post."""
    question = loading.by_uri(note.in_reply_to)
    if question is not None:
        polls.receive_vote(actor, question.id, note.vote, note.uri)
