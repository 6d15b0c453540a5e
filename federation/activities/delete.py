"""An account, a status or a boost is gone. What is not known here is remembered, in case it comes later."""

from functools import partial

from federation import forwarding, uris
from federation.attempts import Work
from federation.context import Federation
from federation.incoming import Incoming
from node.models import Account
from node.services import accounts, statuses


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    uri, actor = incoming.activity.object_uri, incoming.actor
    if uri == actor.uri:
        return partial(accounts.delete_received, uri)
    if not uris.same_origin(uri, actor.uri):
        return None
    return partial(_delete, actor, uri, incoming.passable)


def _delete(actor: Account, uri: str, passable: bytes) -> None:
    if passable:
        status = statuses.by_uri(uri)
        forwarding.pass_on(status if status is not None and status.account_id == actor.id else None, passable)
    statuses.receive_delete(actor, uri)
