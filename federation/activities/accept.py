"""Somebody elsewhere agrees: to be followed, quoted, liked, boosted, answered or featured. Only whoever was asked can."""

from functools import partial

from federation import uris
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
    if (relay := await store.point(relaying.answer, incoming, RelayState.ACCEPTED)) is not None:
        return relay
    stamp = incoming.activity.result_uri
    if (like := answered.like(fed, incoming)) is not None:
        return partial(favourites.agreed_elsewhere, incoming.actor, like, stamp) if _is_own(incoming) else None
    if (boost := await store.point(answered.reblog, fed, incoming)) is not None:
        return partial(asked_reblogs.agreed_elsewhere, incoming.actor, boost, stamp) if _is_own(incoming) else None
    asked = await store.point(answered.follow, fed, incoming)
    if asked is not None:
        return partial(follows.received_accept, incoming.actor, uri=asked.uri, follower_id=asked.follower_id)
    if (item_id := answered.feature(fed, incoming)) is not None:
        return partial(items.agreed_elsewhere, incoming.actor, item_id, stamp) if _is_own(incoming) else None
    request = await store.point(answered.approval, fed, incoming)
    if request is None or not _is_own(incoming):
        return None
    work = quotes.agreed_elsewhere if request.kind is ApprovalKind.QUOTE else replies.answered_elsewhere
    return partial(work, incoming.actor, request.status_id, stamp)


def _is_own(incoming: Incoming) -> bool:
    """A stamp of another host would be somebody else's word."""
    return uris.same_origin(incoming.activity.result_uri, incoming.actor.uri)
