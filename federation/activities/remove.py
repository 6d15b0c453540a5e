"""Somebody takes a post, a hashtag or a collection off their profile, or an account out of a collection."""

from functools import partial

from federation.context import Federation
from federation.finding.named import known_status
from federation.http.attempts import Work
from federation.inbox import featuring
from federation.inbox.incoming import Incoming
from node import store
from node.models import Account
from node.services.accounts import featured_tags
from node.services.collections import received
from node.services.interactions import pins


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    activity, actor = incoming.activity, incoming.actor
    if (name := featuring.hashtag_of(activity, actor)) is not None:
        return partial(featured_tags.receive_remove, actor, name)
    if not featuring.is_of_posts(activity, actor):
        return partial(_collection, actor, activity.target_uri, activity.object_uri)
    status = await store.point(known_status, fed, activity.object_uri)
    return partial(pins.receive_remove, actor, status.id) if status is not None else None


def _collection(actor: Account, target_uri: str, object_uri: str) -> None:
    if not received.delete(actor, object_uri):
        received.take_out(actor, target_uri, object_uri)
