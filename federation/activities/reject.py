"""Somebody elsewhere does not let somebody here follow, quote, answer or feature them, or not any more."""

from functools import partial

from federation.context import Federation
from federation.http.attempts import Work
from federation.inbox import answered, relaying
from federation.inbox.incoming import Incoming
from node import store
from node.models import ApprovalKind, RelayState
from node.services import follows
from node.services.approvals import quotes, replies
from node.services.collections import items
from node.services.interactions import asked_reblogs, favourites


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    if (relay := await store.point(relaying.answer, incoming, RelayState.REJECTED)) is not None:
        return relay
    if (like := answered.like(fed, incoming)) is not None:
        return partial(favourites.refused_elsewhere, incoming.actor, like)
    if (boost := await store.point(answered.reblog, fed, incoming)) is not None:
        return partial(asked_reblogs.refused_elsewhere, incoming.actor, boost)
    asked = await store.point(answered.follow, fed, incoming)
    if asked is not None:
        return partial(follows.received_reject, incoming.actor, uri=asked.uri, follower_id=asked.follower_id)
    if (item_id := answered.feature(fed, incoming)) is not None:
        return partial(items.refused_elsewhere, incoming.actor, item_id)
    request = await store.point(answered.approval, fed, incoming)
    if request is None:
        return None
    if request.kind is ApprovalKind.QUOTE:
        return partial(quotes.refused_elsewhere, incoming.actor, request.status_id)
    return partial(replies.answered_elsewhere, incoming.actor, request.status_id, "")
