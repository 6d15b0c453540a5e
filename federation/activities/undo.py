"""Somebody takes back what they did: a follow, a favourite, a boost, a block, or that they accepted a follow.

The undone activity is embedded, or only named by its id. What is not known is remembered, in case it comes later; what
was known is not, since it may be done again under the same id.
"""

from collections.abc import Callable
from functools import partial

from federation import uris
from federation.context import Federation
from federation.finding.named import known_status, local_account
from federation.http.attempts import Work
from federation.inbox import liking
from federation.inbox.incoming import Incoming
from federation.parse.activity import ParsedActivity, inner
from node import store
from node.models import Account
from node.services import follows
from node.services.interactions import favourites, reactions, reblogs
from node.services.relationships import blocks
from node.services.servers import heard


async def receive(fed: Federation, incoming: Incoming) -> Work | None:
    actor, uri = incoming.actor, incoming.activity.object_uri
    if incoming.activity.embedded is None:
        return (
            partial(_and_forget, partial(_undo_by_id, actor, uri), actor, uri)
            if uris.same_origin(uri, actor.uri)
            else None
        )
    undone = inner(incoming.activity)
    undo = _UNDO.get(undone.type) if undone is not None else None
    if undone is None or undo is None or undone.actor_uri != actor.uri:
        return None
    if undone.uri and not uris.same_origin(undone.uri, actor.uri):
        return None
    work = await store.point(undo, fed, actor, undone)
    return partial(_and_forget, work, actor, undone.uri) if work is not None else None


def _and_forget(undo: Work, actor: Account, uri: str) -> None:
    undo()
    heard.forget(uri, actor.id)


def _undo_by_id(actor: Account, uri: str) -> None:
    """Nothing says what it was, so everything that has an id is looked through, the most frequent first.

    The last of them remembers what is not known, for all.
    """
    found = (
        reblogs.undo_received(actor, uri=uri, remember=False)
        or reactions.undo_received(actor, uri=uri)
        or favourites.undo_received(actor, uri=uri, remember=False)
        or blocks.receive_unblock(actor, uri=uri, remember=False)
    )
    if not found:
        follows.received_undo(actor, uri=uri)


def _follow(fed: Federation, actor: Account, undone: ParsedActivity) -> Work | None:
    target = local_account(fed, undone.object_uri)
    return partial(follows.received_undo, actor, uri=undone.uri, target_id=target.id) if target else None


def _like(fed: Federation, actor: Account, undone: ParsedActivity) -> Work:
    status = known_status(fed, undone.object_uri)
    return liking.unlike(actor, undone, status.id if status else None)


def _announce(fed: Federation, actor: Account, undone: ParsedActivity) -> Work:
    status = known_status(fed, undone.object_uri)
    return partial(reblogs.undo_received, actor, uri=undone.uri, status_id=status.id if status else None)


def _block(fed: Federation, actor: Account, undone: ParsedActivity) -> Work | None:
    target = local_account(fed, undone.object_uri)
    return partial(blocks.receive_unblock, actor, uri=undone.uri, target_id=target.id) if target else None


def _accept(fed: Federation, actor: Account, undone: ParsedActivity) -> Work | None:
    """An Accept that is taken back ends the follow, as a Reject does."""
    named = uris.parse_local(fed.config, undone.object_uri)
    follower_id = named.account_id if isinstance(named, uris.LocalActivity) and named.kind == "follows" else None
    return partial(follows.received_reject, actor, uri=undone.object_uri, follower_id=follower_id)


_UNDO: dict[str, Callable[[Federation, Account, ParsedActivity], Work | None]] = {
    "Follow": _follow,
    "Like": _like,
    "EmojiReact": _like,
    "Announce": _announce,
    "Block": _block,
    "Accept": _accept,
}
