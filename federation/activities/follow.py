"""Somebody elsewhere wants to follow somebody here."""

from functools import partial

from federation.context import Federation
from federation.finding.named import local_account
from federation.http.attempts import Work
from federation.inbox import relaying
from federation.inbox.incoming import Incoming
from node import site, store
from node.services import follows


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    target = await store.point(local_account, fed, incoming.activity.object_uri)
    if target is None:
        return None
    if target.uri == site.instance_actor_uri() and (back := await store.point(relaying.follows_back, incoming)):
        return back
    # Without an id of its own it is known by whom it is for: the Accept must name something.
    uri = incoming.activity.uri or f"{incoming.actor.uri}#follows/{target.id}"
    return partial(follows.receive_follow, incoming.actor, target, uri)
