"""What remote accounts say about following (ActivityPub, 7.5 to 7.7), in any order and more than once."""

from typing import Any, Literal

from node import site
from node.jobs import JobKind, enqueue
from node.models import Account, Follow, FollowRequest, NotificationKind
from node.services.follows import rows
from node.services.follows.local import answer
from node.services.notifications import telling as notifications
from node.services.relationships.relations import domain_is_blocked, either_blocks
from node.services.statuses import tombstones

Answer = Literal["accepted", "requested", "rejected"]


def receive_follow(follower: Account, target: Account, uri: str) -> Answer:
    """Answered with Accept or Reject at once, or once `target` has decided. Sent again, it is answered again."""
    if tombstones.was_undone(uri, follower.uri):
        return "rejected"
    if _is_refused(follower, target):
        rows.remove(follower.id, target.id)
        answer(JobKind.SEND_REJECT, target.id, follower.id, uri)
        return "rejected"
    known = rows.get(follower.id, target.id)
    if known is None and (target.locked or follower.silenced_at is not None):
        return _requested(follower, target, uri)
    if known is None:
        rows.remove_request(follower.id, target.id)
        rows.add(follower.id, target.id, uri=uri)
        notifications.notify(target.id, NotificationKind.FOLLOW, follower.id)
    else:
        Follow.update(uri=uri).where(Follow.id == known.id).execute()
    answer(JobKind.SEND_ACCEPT, target.id, follower.id, uri)
    return "accepted"


def received_accept(followee: Account, *, uri: str = "", follower_id: int | None = None) -> bool:
    """`followee` lets somebody here follow it; False, and nothing, if nobody asked."""
    request = _request(followee, uri, follower_id)
    if request is None:
        return False
    rows.accept(request)
    rows.rebuild_feeds([request.account])
    if rows.has_one_follower_here(followee.id):
        enqueue(JobKind.FETCH_OUTBOX, followee.id, once=True)
    return True


def received_reject(followee: Account, *, uri: str = "", follower_id: int | None = None) -> bool:
    """`followee` does not want to be followed by somebody here, or not any more."""
    request = _request(followee, uri, follower_id)
    if request is not None:
        rows.remove_request(request.account, request.target)
        return True
    follow = _row(Follow, followee, uri, follower_id)
    if follow is None:
        return False
    rows.remove(follow.account, follow.target)
    rows.rebuild_feeds([follow.account])
    return True


def received_undo(follower: Account, *, uri: str = "", target_id: int | None = None) -> bool:
    """`follower` takes back a Follow, named by its id or by whom it was for; the one that is still to come, too."""
    ended = False
    for model in (Follow, FollowRequest):
        row = model.get_or_none((model.account == follower.id) & (model.uri == uri)) if uri else None
        if row is None and target_id is not None:
            row = model.get_or_none((model.account == follower.id) & (model.target == target_id))
        if row is not None:
            rows.remove(row.account, row.target)
            rows.remove_request(row.account, row.target)
            ended = True
    if not ended and uri:
        tombstones.remember_undone(uri, follower.uri)
    return ended


def _requested(follower: Account, target: Account, uri: str) -> Answer:
    request = rows.add_request(follower.id, target.id, uri=uri)
    FollowRequest.update(uri=uri).where(FollowRequest.id == request.id).execute()
    notifications.notify(target.id, NotificationKind.FOLLOW_REQUEST, follower.id)
    return "requested"


def _is_refused(follower: Account, target: Account) -> bool:
    return (
        not target.is_local
        or target.is_gone
        or follower.is_gone
        or target.moved_to is not None
        or target.uri == site.instance_actor_uri()
        or either_blocks(target.id, follower.id)
        or domain_is_blocked(target.id, follower.domain)
    )


def _request(followee: Account, uri: str, follower_id: int | None) -> FollowRequest | None:
    request: FollowRequest | None = _row(FollowRequest, followee, uri, follower_id)
    return request


def _row(model: Any, followee: Account, uri: str, follower_id: int | None) -> Any:
    """By the id of our Follow, else by who asked; only what was asked of `followee` itself."""
    row = model.get_or_none((model.target == followee.id) & (model.uri == uri)) if uri else None
    if row is None and follower_id is not None:
        row = model.get_or_none((model.target == followee.id) & (model.account == follower_id))
    return row
