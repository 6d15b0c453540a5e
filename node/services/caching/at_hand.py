"""What every part reads in passing: settings, domain blocks, allowed domains, closed networks, planned maintenance,
pictures of the node.

On PostgreSQL a read takes a thread; a handler on the event loop has none, so whoever begins something there makes sure
that memory answers.

    if not at_hand.is_ready():
        await store.point(at_hand.make_ready)
"""

import time

from node.services.caching.cache import Kept
from node.services.community import maintenance, pictures, settings
from node.services.moderation import closed_networks
from node.services.servers import allowed_domains, domains
from node.store import database

_KEPT = (settings.kept, domains.kept, allowed_domains.kept, closed_networks.kept, maintenance.kept, pictures.kept)

# Until when, how much was forgotten by then, and of which database: each request asks.
_ready: tuple[float, int, object] = (0.0, -1, None)


def is_ready() -> bool:
    until, forgotten, of = _ready
    return forgotten == Kept.forgotten and time.monotonic() < until and of is database.obj


def make_ready() -> None:
    global _ready
    forgotten = Kept.forgotten
    for one in _KEPT:
        one.renew()
    _ready = (min(one.at_hand_until() for one in _KEPT), forgotten, database.obj)
