"""A Like, or what other software makes of one: reactions with an emoji count as favourites here (PROTOCOL 1.4)."""

from functools import partial

from federation import uris
from federation.attempts import Work
from federation.context import Federation
from federation.incoming import Incoming, known_status
from node import store
from node.services import favourites


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    # A favourite of something that nobody here has seen is no reason to go and fetch it.
    status = await store.point(known_status, fed, incoming.activity.object_uri)
    if status is None:
        return None
    uri = incoming.activity.uri if uris.is_http_uri(incoming.activity.uri) else ""
    return partial(favourites.receive, incoming.actor, status.id, uri=uri)
