"""What a group passes on of its members besides their posts: edits, deletions, likes (FEP-1b12; Lemmy, PieFed, Mbin).

A group speaks for itself alone. What it says that somebody did is looked up where that somebody lives, and only if it is
about a post that is known here; what moderators of a group do to its members or rules concerns the group's own server.
"""

from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from federation import uris
from federation.context import Federation
from federation.finding.named import known_status
from federation.http.attempts import Work
from federation.http.documents import fetch_json_ld
from federation.inbox import liking, permitted
from federation.inbox.incoming import Incoming
from federation.parse.activity import ParsedActivity, inner, parse_activity
from node import jobs, store
from node.jobs import JobKind, Priority
from node.models import Account, Status
from node.services.accounts import lookup as account_lookup
from node.services.interactions import reblogs

log = structlog.get_logger()


async def receive(fed: Federation, incoming: Incoming, passed_on: ParsedActivity) -> Work | None:
    act = _ACTS.get(passed_on.type)
    if act is None:
        log.info("activity ignored", type=f"Announce of {passed_on.type}", actor=incoming.actor.uri)
        return None
    return await act(fed, incoming, passed_on)


async def _update(fed: Federation, incoming: Incoming, passed_on: ParsedActivity) -> Work | None:
    status = await store.point(known_status, fed, passed_on.object_uri)
    return partial(_look_again, status) if status is not None and not status.local else None


async def _delete(fed: Federation, incoming: Incoming, passed_on: ParsedActivity) -> Work | None:
    """By its author, or by a moderator: the group does not show it any more. Whether it is gone its origin says."""
    status = await store.point(known_status, fed, passed_on.object_uri)
    return partial(_withdraw, incoming.actor, status) if status is not None else None


async def _like(fed: Federation, incoming: Incoming, passed_on: ParsedActivity) -> Work | None:
    status = await store.point(known_status, fed, passed_on.object_uri)
    if status is None:
        return None
    confirmed = await _confirmed(fed, incoming, passed_on)
    if confirmed is None or not await permitted.is_permitted(fed, *confirmed, status, incoming.budget):
        return None
    return liking.like(*confirmed, status.id)


async def _undo(fed: Federation, incoming: Incoming, passed_on: ParsedActivity) -> Work | None:
    """Of a Like alone: what else members take back, they take back at the group's own server."""
    if (undone := inner(passed_on)) is None or undone.type not in _LIKES:
        return None
    status = await store.point(known_status, fed, undone.object_uri)
    confirmed = await _confirmed(fed, incoming, passed_on) if status is not None else None
    if status is None or confirmed is None:
        return None
    actor, activity = confirmed
    undone = inner(activity)
    if undone is None or undone.type not in _LIKES or undone.actor_uri != actor.uri:
        return None
    if undone.uri and not uris.same_origin(undone.uri, actor.uri):
        return None
    return liking.unlike(actor, undone, status.id)


async def _confirmed(
    fed: Federation, incoming: Incoming, claimed: ParsedActivity
) -> tuple[Account, ParsedActivity] | None:
    """What the origin of an activity says that it is, and whose. Of people unknown here nobody is asked."""
    actor = await store.point(account_lookup.by_uri, claimed.actor_uri)
    if actor is None or actor.is_local or actor.is_gone or not uris.same_origin(claimed.uri, actor.uri):
        return None
    incoming.budget.spend()
    activity = parse_activity(await fetch_json_ld(fed.door, claimed.uri, await fed.signer()))
    is_so = (activity.uri, activity.type, activity.actor_uri) == (claimed.uri, claimed.type, actor.uri)
    return (actor, activity) if is_so and activity.object_uri == claimed.object_uri else None


def _withdraw(group: Account, status: Status) -> None:
    boost = reblogs.of_account(group.id, status.id)
    if boost is not None:
        reblogs.erase(boost)
    if not status.local:
        _look_again(status)


def _look_again(status: Status) -> None:
    author = account_lookup.by_id(status.account_id)
    if author is not None:
        payload = {"uri": status.uri, "actor": author.uri}
        jobs.enqueue(JobKind.FETCH_FORWARDED, payload=payload, priority=Priority.BULK, once=True)


_LIKES = frozenset({"Like", "EmojiReact"})
_ACTS: dict[str, Callable[[Federation, Incoming, ParsedActivity], Awaitable[Work | None]]] = {
    "Update": _update,
    "Delete": _delete,
    "Like": _like,
    "EmojiReact": _like,
    "Undo": _undo,
}
