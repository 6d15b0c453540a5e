"""What every part reads in passing: settings, domain blocks, allowed domains, closed networks, planned maintenance,
pictures of the node.

On PostgreSQL a read takes a thread; a handler on the event loop has none, so whoever begins something there makes sure
that memory answers.

    if not at_hand.is_ready():
        await store.point(at_hand.make_ready)
"""

from node.services.community import maintenance, pictures, settings
from node.services.moderation import closed_networks
from node.services.servers import allowed_domains, domains

_KEPT = (settings.kept, domains.kept, allowed_domains.kept, closed_networks.kept, maintenance.kept, pictures.kept)


def is_ready() -> bool:
    """Takes a microsecond, of each request: a generator would take three."""
    for one in _KEPT:  # noqa: SIM110
        if not one.is_at_hand():
            return False
    return True


def make_ready() -> None:
    for one in _KEPT:
        one.renew()
