"""What people here do about following."""

from collections.abc import Iterable

from node import site
from node.errors import Forbidden, NotFound
from node.jobs import JobKind, Priority, enqueue
from node.models import Account, Follow, FollowRequest, NotificationKind
from node.services.accounts import lookup
from node.services.follows import rows
from node.services.notifications import requests
from node.services.notifications import telling as notifications
from node.services.relationships import lists
from node.services.relationships.relations import domain_is_blocked, either_blocks
from node.services.servers import heard
from node.speech import said

MAX_FOLLOWING = 7_500  # Mastodon's limit; more is rarely a person reading

_NOT_ALLOWED = "This action is not allowed"


def follow(
    account_id: int,
    target_id: int,
    *,
    uri: str = "",
    reblogs: bool | None = None,
    notify: bool | None = None,
    languages: Iterable[str] | None = None,
) -> Follow | FollowRequest:
    """Follow now, or ask first when `target_id` is locked or remote. Again: change the options that are given."""
    account, target = _both(account_id, target_id)
    options = _options(reblogs, notify, languages)
    known = rows.get(account_id, target_id) or rows.get_request(account_id, target_id)
    if known is not None:
        return _changed(known, options)
    _check(account, target)
    if not target.is_local or target.locked or account.silenced_at is not None:
        request = rows.add_request(account_id, target_id, uri=uri, **options)
        if not target.is_local:
            enqueue(JobKind.SEND_FOLLOW, request.id, priority=Priority.URGENT)
        else:
            notifications.notify(target_id, NotificationKind.FOLLOW_REQUEST, account_id)
        return request
    follow = rows.add(account_id, target_id, uri=uri, **options)
    notifications.notify(target_id, NotificationKind.FOLLOW, account_id)
    rows.rebuild_feeds([account_id])
    return follow


def unfollow(account_id: int, target_id: int) -> bool:
    """End the follow or take back the request; whether there was one.

    Whoever is followed no longer is held back as any stranger, if the policy says so, also when they were let through
    before: what somebody decided last counts.
    """
    follow = rows.remove(account_id, target_id)
    request = rows.remove_request(account_id, target_id)
    ended = follow or request
    if ended is None:
        return False
    if follow is not None:
        requests.hear_no_more(account_id, target_id)
        rows.rebuild_feeds([account_id])
    target = lookup.by_id(target_id)
    if target is not None and not target.is_local:
        payload = {"account_id": account_id, "target_id": target_id, "uri": ended.uri}
        enqueue(JobKind.SEND_UNFOLLOW, payload=payload, priority=Priority.URGENT)
    return True


def accept(target_id: int, follower_id: int) -> Follow:
    """`target_id` lets somebody follow it; NotFound if nobody asked."""
    request = rows.get_request(follower_id, target_id)
    if request is None:
        raise NotFound(lookup.NOT_FOUND)
    follow = rows.accept(request)
    answer(JobKind.SEND_ACCEPT, target_id, follower_id, follow.uri)
    rows.rebuild_feeds([follower_id])
    return follow


def reject(target_id: int, follower_id: int) -> None:
    """`target_id` does not let somebody follow it; NotFound if nobody asked."""
    request = rows.remove_request(follower_id, target_id)
    if request is None:
        raise NotFound(lookup.NOT_FOUND)
    answer(JobKind.SEND_REJECT, target_id, follower_id, request.uri)


def remove_follower(account_id: int, follower_id: int) -> bool:
    """Somebody does not follow `account_id` any more, and is told by a Reject; whether they did."""
    follow = rows.remove(follower_id, account_id)
    if follow is None:
        return False
    answer(JobKind.SEND_REJECT, account_id, follower_id, follow.uri)
    rows.rebuild_feeds([follower_id])
    return True


def sever(account_id: int, other_id: int) -> None:
    """End what there is between them in both directions, as somebody who blocks wants it."""
    unfollow(account_id, other_id)
    requests.hear_no_more(account_id, other_id)
    lists.drop_from_all(account_id, other_id)
    lists.drop_from_all(other_id, account_id)
    request = rows.remove_request(other_id, account_id)
    if request is not None:
        answer(JobKind.SEND_REJECT, account_id, other_id, request.uri)
    remove_follower(account_id, other_id)


def answer(kind: JobKind, target_id: int, follower_id: int, uri: str) -> None:
    """Tell a remote follower what `target_id` says to its Follow. After a Reject it may come again as it was."""
    follower = lookup.by_id(follower_id)
    if follower is not None and not follower.is_local:
        payload = {"account_id": target_id, "follower_id": follower_id, "uri": uri}
        enqueue(kind, payload=payload, priority=Priority.URGENT)
        if kind is JobKind.SEND_REJECT:
            heard.forget(uri, follower_id)


def _both(account_id: int, target_id: int) -> tuple[Account, Account]:
    found = lookup.by_ids([account_id, target_id])
    account, target = found.get(account_id), found.get(target_id)
    if account is None or target is None or target.is_gone or target.uri == site.instance_actor_uri():
        raise NotFound(lookup.NOT_FOUND)
    return account, target


def _check(account: Account, target: Account) -> None:
    if (
        account.id == target.id
        or target.moved_to is not None
        or either_blocks(account.id, target.id)
        or domain_is_blocked(account.id, target.domain)
    ):
        raise Forbidden(_NOT_ALLOWED)
    if account.following_count >= MAX_FOLLOWING:
        raise Forbidden(said("Nobody can follow more than %(most)s accounts.", most=MAX_FOLLOWING))


def _options(reblogs: bool | None, notify: bool | None, languages: Iterable[str] | None) -> dict[str, object]:
    given = {
        "show_reblogs": reblogs,
        "notify": notify,
        "languages": None if languages is None else ",".join(dict.fromkeys(languages)),
    }
    return {name: value for name, value in given.items() if value is not None}


def _changed(known: Follow | FollowRequest, options: dict[str, object]) -> Follow | FollowRequest:
    model = type(known)
    if any(getattr(known, name) != value for name, value in options.items()):
        model.update(**options).where(model.id == known.id).execute()
        rows.rebuild_feeds([known.account])
        return model.get_by_id(known.id)
    return known
