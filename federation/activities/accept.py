"""Somebody elsewhere lets somebody here follow them, quote them or answer them. Only whoever was asked can."""

from functools import partial

from federation import relaying, uris
from federation.attempts import Work
from federation.context import Federation
from federation.incoming import Incoming, answered_follow, answered_request
from node import store
from node.models import ApprovalKind, RelayState
from node.services import follows
from node.services.approvals import quotes, replies


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    if (relay := await store.point(relaying.answer, incoming, RelayState.ACCEPTED)) is not None:
        return relay
    asked = await store.point(answered_follow, fed, incoming)
    if asked is not None:
        return partial(follows.received_accept, incoming.actor, uri=asked.uri, follower_id=asked.follower_id)
    stamp = incoming.activity.result_uri
    request = await store.point(answered_request, fed, incoming)
    # A stamp of another host would be somebody else's word.
    if request is None or not uris.same_origin(stamp, incoming.actor.uri):
        return None
    work = quotes.agreed_elsewhere if request.kind is ApprovalKind.QUOTE else replies.answered_elsewhere
    return partial(work, incoming.actor, request.status_id, stamp)
