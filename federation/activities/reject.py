"""Somebody elsewhere does not let somebody here follow them, or not any more."""

from functools import partial

from federation import relaying
from federation.attempts import Work
from federation.context import Federation
from federation.incoming import Incoming, answered_follow
from node import store
from node.models import RelayState
from node.services import follows


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    if (relay := await store.point(relaying.answer, incoming, RelayState.REJECTED)) is not None:
        return relay
    asked = await store.point(answered_follow, fed, incoming)
    if asked is None:
        return None
    return partial(follows.received_reject, incoming.actor, uri=asked.uri, follower_id=asked.follower_id)
