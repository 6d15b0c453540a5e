"""Somebody pins a post of their own to their profile, or features a hashtag, or a collection of accounts."""

from functools import partial

from federation import uris
from federation.context import Federation
from federation.fetching import collecting
from federation.finding import resolve
from federation.http.attempts import Work
from federation.inbox import featuring
from federation.inbox.incoming import Incoming
from node import store
from node.services.accounts import featured_tags
from node.services.interactions import pins


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    activity, actor = incoming.activity, incoming.actor
    if (name := featuring.hashtag_of(activity, actor)) is not None:
        return partial(featured_tags.receive_add, actor, name)
    if (collection_uri := await store.point(featuring.collection_of, activity, actor)) is not None:
        return partial(collecting.look_at, collection_uri)
    if not featuring.is_of_posts(activity, actor) or not uris.same_origin(activity.object_uri, actor.uri):
        return None
    status = await resolve.status(fed, activity.object_uri, incoming.budget)
    if status is None or status.account_id != actor.id:
        return None
    return partial(pins.receive_add, actor, status.id)
