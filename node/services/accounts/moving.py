"""A remote account moves to another one, and those who follow it here follow along (PROTOCOL 1.4, Move)."""

import msgspec

from node import clock
from node.errors import Forbidden, Invalid
from node.models import Account, Follow
from node.services import audit
from node.services.follows import local as follows

COOLDOWN_MS = 7 * clock.DAY


def move_in(old: Account, new: Account) -> int:
    """`old` says that it is `new` now, and `new`, fetched just before, agrees; how many followed along.

    Invalid when it does not agree or has moved itself, and when `old` moved somewhere else a short while ago.
    """
    if old.moved_to == new.id:
        return 0
    if old.id == new.id or new.is_gone or new.moved_to is not None:
        raise Invalid("An account cannot move there.")
    if old.uri not in msgspec.json.decode(new.also_known_as):
        raise Invalid("The new account does not say that it was the old one.")
    last = audit.latest("move.account", old.uri)
    if last is not None and last.created_at > clock.now_ms() - COOLDOWN_MS:
        raise Invalid("This account has moved a short while ago.")
    Account.update(moved_to=new.id, version=Account.version + 1).where(Account.id == old.id).execute()
    audit.record(None, "move.account", old.uri, {"to": new.uri})
    return sum(_follow_along(follow, old.id, new.id) for follow in _followers_here(old.id))


def _followers_here(account_id: int) -> list[Follow]:
    query = Follow.select().join(Account, on=(Account.id == Follow.account))
    return list(query.where(Follow.target == account_id, Account.domain == ""))


def _follow_along(follow: Follow, old_id: int, new_id: int) -> bool:
    languages = follow.languages.split(",") if follow.languages else None
    try:
        follows.follow(follow.account, new_id, reblogs=follow.show_reblogs, notify=follow.notify, languages=languages)
    except Forbidden:  # somebody who blocks the new account, or is blocked by it, stays behind
        return False
    follows.unfollow(follow.account, old_id)
    return True
