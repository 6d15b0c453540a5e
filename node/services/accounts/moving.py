"""Accounts that move to another one, from here or from elsewhere; who follows them here follows along (FEDERATION.md)."""

import msgspec

from node import clock, site
from node.errors import Forbidden, Invalid, NotFound
from node.jobs import JobKind, enqueue
from node.models import Account, Act, Follow
from node.services.access import signed_in
from node.services.accounts.lookup import NOT_FOUND, by_id
from node.services.follows import local as follows
from node.services.moderation import audit
from node.services.organisations import deeds

COOLDOWN_MS = 7 * clock.DAY


def move_in(old: Account, new: Account) -> int:
    """`old` says that it is `new` now, and `new`, fetched just before, agrees; how many followed along.

    Invalid when it does not agree or has moved itself, and when `old` moved somewhere else a short while ago.
    """
    return _move(old, new)


def move_out(account_id: int, new: Account, by: int | None = None) -> int:
    """An account of this node moves to `new`, fetched just before. The same rules; followers elsewhere are told.

    `by` is the account of who does it for an organisation.
    """
    old = by_id(account_id)
    if old is None or not old.is_local or old.is_gone or old.uri == site.instance_actor_uri():
        raise NotFound(NOT_FOUND)
    followed = _move(old, new)
    enqueue(JobKind.SEND_MOVE, old.id, payload={"target_id": new.id})
    enqueue(JobKind.SEND_PROFILE, old.id, once=True)
    deeds.record(old.id, by, Act.MOVED, about=new.id)
    signed_in.account_changed(old.id)
    return followed


def stay(account_id: int, by: int | None = None) -> bool:
    """Take the sign off that an account has moved; its followers stay where they went. Whether there was one."""
    moved = (Account.id == account_id) & Account.moved_to.is_null(False)
    if not Account.update(moved_to=None, version=Account.version + 1).where(moved).execute():
        return False
    enqueue(JobKind.SEND_PROFILE, account_id, once=True)
    deeds.record(account_id, by, Act.STAYED)
    signed_in.account_changed(account_id)
    return True


def free_at(account: Account) -> int:
    """When the account may move next."""
    last = audit.latest("move.account", account.uri)
    return 0 if last is None else last.created_at + COOLDOWN_MS


def agrees(new: Account, old_uri: str) -> bool:
    """Whether `new` says that it was the old account."""
    return old_uri in msgspec.json.decode(new.also_known_as, type=list[str])


def _move(old: Account, new: Account) -> int:
    if old.id == new.id or new.is_gone or new.moved_to is not None:
        raise Invalid("An account cannot move there.")
    if not agrees(new, old.uri):
        raise Invalid("The new account does not say that it was the old one. Add the old one to its aliases first.")
    last = audit.latest("move.account", old.uri)
    if last is not None and last.created_at > clock.now_ms() - COOLDOWN_MS:
        # Told once more: whoever followed along then may have gone on since.
        if msgspec.json.decode(last.detail).get("to") == new.uri:
            return 0
        raise Invalid("This account has moved a short while ago. It can move again a week later.")
    Account.update(moved_to=new.id, version=Account.version + 1).where(Account.id == old.id).execute()
    audit.record(None, "move.account", old.uri, {"to": new.uri})
    return sum(_follow_along(follow, old.id, new.id) for follow in _followers_here(old.id))


def _followers_here(account_id: int) -> list[Follow]:
    query = Follow.select().join(Account, on=(Account.id == Follow.account))
    # The node's own follows are made and ended by what lists need (follows/silent.py).
    people = (Account.domain == "") & (Account.uri != site.instance_actor_uri())
    return list(query.where(Follow.target == account_id, people))


def _follow_along(follow: Follow, old_id: int, new_id: int) -> bool:
    languages = follow.languages.split(",") if follow.languages else None
    try:
        follows.follow(follow.account, new_id, reblogs=follow.show_reblogs, notify=follow.notify, languages=languages)
    except Forbidden:  # somebody who blocks the new account, or is blocked by it, stays behind
        return False
    follows.unfollow(follow.account, old_id)
    return True
