"""An account, a status or a boost is gone. What is not known here is remembered, in case it comes later."""

from functools import partial

from federation import forwarding, uris
from federation.attempts import Work
from federation.context import Federation
from federation.incoming import Incoming
from node.models import Account
from node.services import accounts
from node.services.statuses import deletion, loading


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    activity, actor = incoming.activity, incoming.actor
    if activity.object_uri == actor.uri:
        return partial(accounts.delete_received, actor.uri)
    own = [uri for uri in activity.object_uris if uris.same_origin(uri, actor.uri)]
    return partial(_delete, actor, own, incoming.passable) if own else None


def _delete(actor: Account, own: list[str], passable: bytes) -> None:
    if passable:
        status = loading.by_uri(own[0])
        forwarding.pass_on(status if status is not None and status.account_id == actor.id else None, passable)
    for uri in own:
        deletion.receive_delete(actor, uri)
