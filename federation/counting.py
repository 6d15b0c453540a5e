"""What was counted of the traffic with other servers goes to the database now and then."""

import structlog

from node import store
from node.services.servers import traffic

log = structlog.get_logger()


async def keep_if_due() -> None:
    if traffic.is_due():
        await keep()


async def keep() -> None:
    """Also when a process ends, which may have answered, delivered or both."""
    counts = traffic.take()
    if not counts.by_hour:
        return
    try:
        await store.write(traffic.keep, counts)
    except Exception:  # figures must not end what they are about
        log.exception("counts of the traffic with other servers are lost")
