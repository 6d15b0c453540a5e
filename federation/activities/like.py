"""A Like: a favourite or, with an emoji, a reaction (PROTOCOL 1.4, docs/adr/0020-emoji-reactions.md)."""

from functools import partial

from federation import uris
from federation.attempts import Work
from federation.context import Federation
from federation.incoming import Incoming, known_status
from federation.parse.reaction import parse_reaction
from node import store
from node.services import favourites, reactions


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    # A favourite of something that nobody here has seen is no reason to go and fetch it.
    status = await store.point(known_status, fed, incoming.activity.object_uri)
    if status is None:
        return None
    uri = incoming.activity.uri if uris.is_http_uri(incoming.activity.uri) else ""
    reaction = parse_reaction(incoming.activity)
    if reaction is None:
        return partial(favourites.receive, incoming.actor, status.id, uri=uri)
    return partial(reactions.receive, incoming.actor, status.id, reaction.name, reaction.picture, uri=uri)
