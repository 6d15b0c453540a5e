"""Somebody takes a post off the top of their profile."""

from functools import partial

from federation.attempts import Work
from federation.context import Federation
from federation.incoming import Incoming, known_status
from node import store
from node.services import pins


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    activity, actor = incoming.activity, incoming.actor
    if not actor.featured_uri or activity.target_uri != actor.featured_uri:
        return None
    status = await store.point(known_status, fed, activity.object_uri)
    return partial(pins.receive_remove, actor, status.id) if status is not None else None
