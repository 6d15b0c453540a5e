"""Lists may hold people whom their owner does not follow (docs/adr/0040-lists-without-following.md).

What those elsewhere post would not come here. So the node's own actor follows them, as long as they are in a list and
nobody here follows them; nobody is told for whose list. Who approves followers is not asked, and who refuses is not
asked again.
"""

from collections.abc import Iterable
from typing import Any

from peewee import fn

from node import clock, ids, site
from node.jobs import JobKind, enqueue
from node.models import Account, Follow, ListMember, SilentFollow
from node.models.access import exists, present
from node.services.accounts import lookup
from node.services.follows import local, rows
from node.services.relationships import lists
from node.store import in_ids

_AT_ONCE = 500


def add_members(account_id: int, list_id: int, member_ids: list[int]) -> None:
    lists.add_members(account_id, list_id, member_ids)
    begin(member_ids)


def choose(account_id: int, member_id: int, list_ids: list[int]) -> None:
    """`member_id` is in those lists of `account_id`, and in no other.

    NotFound if one of the lists is not theirs, or as `lists.add_members` has it: then nothing changes.
    """
    wanted, before = set(list_ids), {row.id for row in lists.containing(account_id, member_id)}
    for list_id in sorted(wanted - before):
        add_members(account_id, list_id, [member_id])
    for list_id in sorted(before - wanted):
        lists.remove_members(account_id, list_id, [member_id])


def begin(account_ids: Iterable[int]) -> int:
    """Follow those of them who are to be followed, and were not asked before; how many."""
    actor = lookup.by_uri(site.instance_actor_uri())
    if actor is None:  # a node that never started
        return 0
    wanted = Account.select(Account.id).where(
        in_ids(Account.id, sorted(set(account_ids))),
        _is_needed(Account, actor.id),
        ~Account.locked,
        ~exists(SilentFollow, SilentFollow.target == Account.id),
    )
    found = [row.id for row in wanted]
    for target_id in found:
        SilentFollow.create(id=ids.new_id(), target=target_id, asked_at=clock.now_ms())
        enqueue(JobKind.SEND_FOLLOW, rows.add_request(actor.id, target_id).id)
    return len(found)


def settle() -> dict[str, int]:
    """About once an hour: end what nobody needs any more, and begin what somebody needs by now."""
    actor = lookup.by_uri(site.instance_actor_uri())
    if actor is None:
        return {}
    idle = (
        SilentFollow.select(SilentFollow.target)
        .join(Account, on=(Account.id == SilentFollow.target))
        .where(~_is_needed(Account, actor.id))
        .limit(_AT_ONCE)
    )
    ended = [row.target_id for row in idle]
    for target_id in ended:
        local.unfollow(actor.id, target_id)
    SilentFollow.delete().where(in_ids(SilentFollow.target, ended)).execute()
    listed = (
        ListMember.select(ListMember.account)
        .distinct()
        .join(Account, on=(Account.id == ListMember.account))
        .where(
            _is_needed(Account, actor.id), ~Account.locked, ~exists(SilentFollow, SilentFollow.target == Account.id)
        )
        .limit(_AT_ONCE)
    )
    return {"ended": len(ended), "begun": begin(row.account_id for row in listed)}


def _is_needed(account: Any, actor_id: int) -> Any:
    """Elsewhere, in a list, and followed by nobody here but the node itself."""
    follow, follower = Follow.alias(), Account.alias()
    followed_here = follow.select(follow.id).join(follower, on=(follower.id == follow.account))
    return (
        (account.domain != "")
        & present(account)
        & account.moved_to.is_null()
        & exists(ListMember, ListMember.account == account.id)
        & ~fn.EXISTS(followed_here.where(follow.target == account.id, follower.domain == "", follower.id != actor_id))
    )
