"""Somebody pins a post of their own to their profile; other collections are not followed here."""

from functools import partial

from federation import resolve, uris
from federation.attempts import Work
from federation.context import Federation
from federation.incoming import Incoming
from node.services import pins


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    activity, actor = incoming.activity, incoming.actor
    if not actor.featured_uri or activity.target_uri != actor.featured_uri:
        return None
    if not uris.same_origin(activity.object_uri, actor.uri):
        return None
    status = await resolve.status(fed, activity.object_uri, incoming.budget)
    if status is None or status.account_id != actor.id:
        return None
    return partial(pins.receive_add, actor, status.id)
