"""A Like: a favourite or, with an emoji, a reaction (ActivityPub, 7.10; FEP-c0e0)."""

from federation.context import Federation
from federation.finding.named import known_status
from federation.http.attempts import Work
from federation.inbox import liking, permitted
from federation.inbox.incoming import Incoming
from node import store


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    # A favourite of something that nobody here has seen is no reason to go and fetch it.
    status = await store.point(known_status, fed, incoming.activity.object_uri)
    if status is None:
        return None
    actor, activity = incoming.actor, incoming.activity
    is_permitted = await permitted.is_permitted(fed, actor, activity, status, incoming.budget)
    return liking.like(actor, activity, status.id) if is_permitted else None
