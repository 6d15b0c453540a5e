"""What relays say: that they let us in, that they follow back, and what they pass on of what is public (FEP-ae0c)."""

from functools import partial

from federation import uris
from federation.context import Federation
from federation.finding import resolve
from federation.http.attempts import Work
from federation.inbox.incoming import Incoming
from node import jobs
from node.jobs import JobKind
from node.models import RelayState
from node.services.servers import relays


def answer(incoming: Incoming, state: RelayState) -> Work | None:
    """An Accept or a Reject by somebody who lives where the relay does, of what it was asked."""
    relay = relays.asked_by(incoming.activity.object_uri)
    if relay is None or not uris.same_origin(incoming.actor.uri, relay.inbox):
        return None
    return partial(relays.answered, relay, incoming.actor, state)


def follows_back(incoming: Incoming) -> Work | None:
    relay = relays.of_actor(incoming.actor.uri)
    if relay is None or not incoming.activity.uri:
        return None
    payload = {"relay_id": relay.id, "uri": incoming.activity.uri}
    return partial(jobs.enqueue, JobKind.SEND_RELAY_ACCEPT, payload=payload)


async def passed_on(fed: Federation, incoming: Incoming, uri: str) -> None:
    """A post that a relay names is fetched from its origin, as far as its share goes. No boost: it is nobody's."""
    if uris.is_local(fed.config, uri) or not fed.relayed.take(incoming.actor.uri):
        return
    await resolve.status(fed, uri, incoming.budget)
