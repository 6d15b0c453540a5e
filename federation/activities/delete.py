"""An account, a status, a boost, a collection or a stamp is gone. What is unknown here is remembered: it may come later."""

from functools import partial

from federation import uris
from federation.context import Federation
from federation.delivery import forwarding
from federation.http.attempts import Work
from federation.inbox.incoming import Incoming
from federation.parse.featured import COLLECTION, STAMP
from node.models import Account
from node.services import accounts
from node.services.collections import items, received
from node.services.statuses import deletion, loading


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    activity, actor = incoming.activity, incoming.actor
    if activity.object_uri == actor.uri:
        return partial(accounts.delete_received, actor.uri)
    own = [uri for uri in activity.object_uris if uris.same_origin(uri, actor.uri)]
    # Statuses come as Tombstones: of them nothing else need be asked.
    perhaps = activity.object_type in ("", COLLECTION, STAMP)
    return partial(_delete, actor, own, incoming.passable, perhaps) if own else None


def _delete(actor: Account, own: list[str], passable: bytes, perhaps_collections: bool) -> None:
    if passable:
        status = loading.by_uri(own[0])
        forwarding.pass_on(status if status is not None and status.account_id == actor.id else None, passable)
    for uri in own:
        if perhaps_collections and (received.delete(actor, uri) or items.stamp_taken_back(actor, uri)):
            continue
        deletion.receive_delete(actor, uri)
