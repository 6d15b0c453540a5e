"""How many posts, followers and followed people an actor's server counts. It is their word, shown as such."""

import asyncio
from typing import NamedTuple

from federation.context import Federation
from federation.http.budget import Budget
from federation.http.documents import activity_document
from federation.parse.actor import ParsedActor
from federation.parse.collection import parse_collection
from node.errors import NodeError

SECONDS = 5.0


class Totals(NamedTuple):
    """None for what is hidden, or did not come in time."""

    statuses: int | None
    followers: int | None
    following: int | None


async def totals(fed: Federation, actor: ParsedActor, budget: Budget) -> Totals:
    collections = (actor.outbox, actor.followers, actor.following)
    return Totals(*await asyncio.gather(*(_total(fed, uri, budget) for uri in collections)))


async def _total(fed: Federation, uri: str, budget: Budget) -> int | None:
    if not uri:
        return None
    try:
        budget.spend()
        response = await fed.door.fetch(uri, signer=await fed.signer(), deadline_seconds=SECONDS)
        return parse_collection(activity_document(response), uri).total_items
    except NodeError:
        return None
