"""Which function does which of the jobs that listen and ask; those that speak are in federation/delivery/send.py."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from federation import processing
from federation.context import Federation
from federation.fetching import (
    answering,
    backfill,
    collecting,
    completing,
    nodeinfo,
    previews,
    quoting,
    related,
    relays,
    synchronization,
    taking_in,
    verifying,
)
from federation.inbox import forwarded
from node.jobs import JobKind, TakenJob

HANDLERS: Final[Mapping[JobKind, Callable[[Federation, TakenJob], Awaitable[None]]]] = {
    JobKind.PROCESS_ACTIVITY: processing.process,
    JobKind.FETCH_PARENT: related.parent,
    JobKind.FETCH_REPLIES: related.replies,
    JobKind.FETCH_THREAD: completing.complete,
    JobKind.FETCH_OUTBOX: backfill.outbox,
    JobKind.FETCH_CARD: previews.card,
    JobKind.VERIFY_LINKS: verifying.links,
    JobKind.FETCH_NODEINFO: nodeinfo.fetch,
    JobKind.FETCH_ACCOUNT: related.account,
    JobKind.FETCH_FORWARDED: forwarded.fetch,
    JobKind.FETCH_FEATURED: related.featured,
    JobKind.FETCH_TAGS: related.tags,
    JobKind.FOLLOW_RELAY: relays.follow,
    JobKind.SYNC_FOLLOWERS: synchronization.fetch,
    JobKind.FETCH_QUOTED: quoting.fetch,
    JobKind.FETCH_STAMP: answering.fetch,
    JobKind.HOLD_EARLIER: answering.hold_earlier,
    JobKind.LET_IN: answering.let_in,
    JobKind.RETURN_BOOSTS: answering.return_boosts,
    JobKind.TELL_FAVOURITES: answering.tell_favourites,
    JobKind.FETCH_COLLECTION: collecting.fetch,
    JobKind.FETCH_COLLECTIONS: collecting.fetch_list,
    JobKind.TAKE_IN: taking_in.take_in,
}
