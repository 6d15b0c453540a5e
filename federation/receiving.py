"""Which function does which of the jobs that listen and ask; those that speak are in federation/send.py."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from federation import (
    backfill,
    collecting,
    completing,
    fetching,
    forwarded,
    nodeinfo,
    previews,
    process,
    quoting,
    relaying,
    synchronization,
    taking_in,
    verifying,
)
from federation.context import Federation
from node.jobs import JobKind, TakenJob

HANDLERS: Final[Mapping[JobKind, Callable[[Federation, TakenJob], Awaitable[None]]]] = {
    JobKind.PROCESS_ACTIVITY: process.process,
    JobKind.FETCH_PARENT: fetching.parent,
    JobKind.FETCH_REPLIES: fetching.replies,
    JobKind.FETCH_THREAD: completing.complete,
    JobKind.FETCH_OUTBOX: backfill.outbox,
    JobKind.FETCH_CARD: previews.card,
    JobKind.VERIFY_LINKS: verifying.links,
    JobKind.FETCH_NODEINFO: nodeinfo.fetch,
    JobKind.FETCH_ACCOUNT: fetching.account,
    JobKind.FETCH_FORWARDED: forwarded.fetch,
    JobKind.FETCH_FEATURED: fetching.featured,
    JobKind.FETCH_TAGS: fetching.tags,
    JobKind.FOLLOW_RELAY: relaying.follow,
    JobKind.SYNC_FOLLOWERS: synchronization.fetch,
    JobKind.FETCH_QUOTED: quoting.fetch,
    JobKind.FETCH_COLLECTION: collecting.fetch,
    JobKind.FETCH_COLLECTIONS: collecting.fetch_list,
    JobKind.TAKE_IN: taking_in.take_in,
}
