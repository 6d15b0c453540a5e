"""Somebody elsewhere blocks somebody here, who is not told: they just lose sight of each other."""

from functools import partial

from federation.context import Federation
from federation.finding.named import local_account
from federation.http.attempts import Work
from federation.inbox.incoming import Incoming
from node import store
from node.services.relationships import blocks


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    if incoming.activity.target_uri:
        return None  # Lemmy: a moderator bans from a community or a site; that is no wish of the moderator's own
    target = await store.point(local_account, fed, incoming.activity.object_uri)
    if target is None:
        return None
    uri = incoming.activity.uri or f"{incoming.actor.uri}#blocks/{target.id}"
    return partial(blocks.receive_block, incoming.actor, target.id, uri)
