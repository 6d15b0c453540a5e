"""Somebody elsewhere asks to put somebody here into a collection (FEP-7aa9)."""

from functools import partial

from federation import uris
from federation.context import Federation
from federation.fetching import collecting
from federation.finding.named import local_account
from federation.http.attempts import Work
from federation.inbox.incoming import Incoming
from node import store
from node.models import Account
from node.services.collections import items, received, rows
from node.services.collections.received import CollectionFacts


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    """The collection must be the actor's own: it is read from its host if it is not known here."""
    activity, actor = incoming.activity, incoming.actor
    uri = activity.instrument_uri
    if not uris.same_origin(uri, actor.uri) or not uris.same_origin(activity.uri, actor.uri):
        return None
    account = await store.point(local_account, fed, activity.object_uri)
    if account is None or account.is_gone:
        return None
    facts = None
    if await store.point(rows.by_uri, uri) is None:
        owner, found = await collecting.collection_at(fed, uri, incoming.budget)
        if owner.id != actor.id or found.uri != uri:
            return None
        facts = collecting.facts_of(found)
    return partial(_asked, actor, uri, facts, account, activity.uri)


def _asked(actor: Account, uri: str, facts: CollectionFacts | None, account: Account, request_uri: str) -> None:
    collection = rows.by_uri(uri)
    if collection is None and facts is not None:
        collection = received.receive(actor, facts)
    if collection is not None:
        items.requested(actor, collection, account, request_uri)
