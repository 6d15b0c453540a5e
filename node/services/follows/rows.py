"""The rows of follows and the counters that go with them; who may follow whom is decided elsewhere."""

from collections import Counter, defaultdict
from typing import Any

from peewee import Case

from node import clock, ids, site
from node.jobs import JobKind, Priority, enqueue
from node.models import Account, Endorsement, Follow, FollowRequest, NotificationKind
from node.models.paged import one_id
from node.models.rows import Insert, columns, row_of
from node.services.notifications import telling as notifications
from node.services.relationships import lists
from node.services.servers import partings
from node.store import Prepared, in_ids, param

_FOLLOW = Prepared(
    lambda: Follow.select(*columns(Follow)).where(
        (Follow.account == param("account")) & (Follow.target == param("target"))
    ),
    row_of(Follow),
)
_REQUEST = Prepared(
    lambda: FollowRequest.select(*columns(FollowRequest)).where(
        (FollowRequest.account == param("account")) & (FollowRequest.target == param("target"))
    ),
    row_of(FollowRequest),
)
_FOLLOWERS_HERE = Prepared(
    lambda: (
        Follow.select(Follow.account)
        .join(Account, on=(Account.id == Follow.account))
        .where(Follow.target == param("target"), Account.domain == "")
        .limit(2)
    ),
    one_id,
)
_INSERT_FOLLOW = Insert(Follow, ignore=True)
_INSERT_REQUEST = Insert(FollowRequest, ignore=True)
_COUNT = Prepared(lambda: _counted().where(Account.id == param("id")), tuple)
_COUNT_ALL = Prepared(lambda: _counted().where(in_ids(Account.id, param("ids"))), tuple)


def _counted() -> Any:
    """The counters are shown on profiles, so the renderings kept of them are old now."""
    return Account.update(
        {
            Account.followers_count: _floored(Account.followers_count, param("followers")),
            Account.following_count: _floored(Account.following_count, param("following")),
            Account.version: Account.version + 1,
        }
    )


def _floored(column: Any, change: Any) -> Any:
    """A counter of a remote account began as its node's word, and must not fall below nothing."""
    after = column + change.cast("INTEGER")
    return Case(None, [(after > 0, after)], 0)


def get(account_id: int, target_id: int) -> Follow | None:
    return _FOLLOW.first(account=account_id, target=target_id)


def get_request(account_id: int, target_id: int) -> FollowRequest | None:
    return _REQUEST.first(account=account_id, target=target_id)


def add(account_id: int, target_id: int, *, uri: str = "", **options: object) -> Follow:
    """The follow, new or as it was."""
    row_id = ids.new_id()
    made = _INSERT_FOLLOW.run(
        id=row_id,
        account=account_id,
        target=target_id,
        uri=uri or site.activity_uri(account_id, "follows", row_id),
        created_at=clock.now_ms(),
        **options,
    )
    if made:
        _COUNT.run(id=account_id, followers=0, following=1)
        _COUNT.run(id=target_id, followers=1, following=0)
    follow = get(account_id, target_id)
    assert follow is not None  # noqa: S101 - just inserted, or the reason why it could not be
    return follow


def add_request(account_id: int, target_id: int, *, uri: str = "", **options: object) -> FollowRequest:
    row_id = ids.new_id()
    _INSERT_REQUEST.run(
        id=row_id,
        account=account_id,
        target=target_id,
        uri=uri or site.activity_uri(account_id, "follows", row_id),
        created_at=clock.now_ms(),
        **options,
    )
    request = get_request(account_id, target_id)
    assert request is not None  # noqa: S101 - as above
    return request


def accept(request: FollowRequest) -> Follow:
    """What was asked for is so now."""
    _end_request(request)
    return add(
        request.account,
        request.target,
        uri=request.uri,
        show_reblogs=request.show_reblogs,
        notify=request.notify,
        languages=request.languages,
    )


def remove(account_id: int, target_id: int) -> Follow | None:
    """The follow that there was. Lists and recommendations are of whom one follows, so it ends there, too."""
    follow = get(account_id, target_id)
    if follow is None or not Follow.delete().where(Follow.id == follow.id).execute():
        return None
    _COUNT.run(id=account_id, followers=0, following=-1)
    _COUNT.run(id=target_id, followers=-1, following=0)
    partings.note(account_id, target_id)
    lists.drop_from_all(account_id, target_id)
    Endorsement.delete().where(Endorsement.account == account_id, Endorsement.target == target_id).execute()
    notifications.withdraw_from(target_id, NotificationKind.FOLLOW, account_id)
    return follow


def has_one_follower_here(target_id: int) -> bool:
    """Until now, nothing of what this account posted came here by itself."""
    return len(_FOLLOWERS_HERE.all(target=target_id)) == 1


def remove_request(account_id: int, target_id: int) -> FollowRequest | None:
    request = get_request(account_id, target_id)
    if request is None or not _end_request(request):
        return None
    if get(account_id, target_id) is None:
        lists.drop_from_all(account_id, target_id)
    return request


def _end_request(request: FollowRequest) -> bool:
    """Whoever was asked has nothing to answer any more."""
    notifications.withdraw_from(request.target, NotificationKind.FOLLOW_REQUEST, request.account)
    return bool(FollowRequest.delete().where(FollowRequest.id == request.id).execute())


def sever_all(account_ids: list[int]) -> None:
    """End every follow and every request to and from these accounts; nobody is told."""
    either = in_ids(Follow.account, account_ids) | in_ids(Follow.target, account_ids)
    rows: list[Any] = list(Follow.select(Follow.id, Follow.account, Follow.target).where(either).tuples())
    lost: Counter[int] = Counter(target for _, _, target in rows)
    left: Counter[int] = Counter(account for _, account, _ in rows)
    Follow.delete().where(in_ids(Follow.id, [row_id for row_id, _, _ in rows])).execute()
    # Most have lost one and the same: each such group is counted at once.
    alike: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for account_id in lost.keys() | left.keys():
        alike[-lost[account_id], -left[account_id]].append(account_id)
    for (followers, following), changed in alike.items():
        _COUNT_ALL.run(ids=changed, followers=followers, following=following)
    for model in (FollowRequest, Endorsement):
        model.delete().where(in_ids(model.account, account_ids) | in_ids(model.target, account_ids)).execute()
    lists.drop_members(account_ids)
    notifications.withdraw_follows_of(account_ids)
    rebuild_feeds(list(left.keys() - set(account_ids)))


def rebuild_feeds(account_ids: list[int]) -> None:
    """What these accounts see at home has changed; remote ones see nothing here."""
    local = Account.select(Account.id).where(
        in_ids(Account.id, account_ids), Account.domain == "", Account.uri != site.instance_actor_uri()
    )
    for account in local:
        enqueue(JobKind.BUILD_FEED, account.id, once=True, priority=Priority.URGENT)
