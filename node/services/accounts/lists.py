"""Lists of accounts as a reader may have them: who follows whom, whom both know, who wants to be found."""

from typing import Any

import peewee

from node import clock
from node.models import Account, Block, Follow
from node.models.access import exists, present, unwanted
from node.paging import Page
from node.services import follows
from node.services.accounts import lookup as account_lookup
from node.services.relationships.relations import blocks
from node.store import in_ids

MAX_FAMILIAR = 40

Rows = list[tuple[int, int]]


def followers(viewer_id: int | None, account_id: int, page: Page) -> Rows:
    """(id of the follow, id of the account); nothing, where the account hides it or blocks the reader."""
    return follows.followers(account_id, page) if _is_shown(viewer_id, account_id) else []


def following(viewer_id: int | None, account_id: int, page: Page) -> Rows:
    return follows.following(account_id, page) if _is_shown(viewer_id, account_id) else []


def _is_shown(viewer_id: int | None, account_id: int) -> bool:
    account = account_lookup.visible(viewer_id, account_id)
    if viewer_id == account_id:
        return True
    return not account.hide_collections and not (viewer_id is not None and blocks(account_id, viewer_id))


def familiar_followers(viewer_id: int, account_ids: list[int]) -> dict[int, list[int]]:
    """Of each account that is there, followers whom the viewer follows: the latest first, a limited number.

    Who hides whom they are followed by hides it here, too, and from those whom they block.
    """
    there = _there(viewer_id, account_ids)
    mine, theirs = Follow.alias(), Follow.alias()
    query: Any = (
        mine.select(theirs.target, mine.target)
        .join(theirs, on=(theirs.account == mine.target))
        .join(Account, on=(Account.id == mine.target))
        .where(
            mine.account == viewer_id,
            in_ids(theirs.target, [one for one in account_ids if there.get(one)]),
            ~Account.hide_collections,
        )
        .order_by(theirs.id.desc())
        .tuples()
    )
    found: dict[int, list[int]] = {account_id: [] for account_id in account_ids if account_id in there}
    for account_id, follower_id in query:
        if len(found[account_id]) < MAX_FAMILIAR:
            found[account_id].append(follower_id)
    return found


def _there(viewer_id: int, account_ids: list[int]) -> dict[int, bool]:
    """Accounts that can be looked at, and whether `viewer_id` may see who follows them."""
    hides = Account.hide_collections | exists(Block, Block.account == Account.id, Block.target == viewer_id)
    query: Any = Account.select(Account.id, (Account.id == viewer_id) | ~hides)
    return {
        account_id: bool(is_shown)
        for account_id, is_shown in query.where(in_ids(Account.id, account_ids), present(Account)).tuples()
    }


def directory(
    viewer_id: int | None, *, limit: int, offset: int = 0, local: bool = False, newest: bool = False
) -> list[int]:
    """Ids of those who want to be found: the last active first, or the last come."""
    query = Account.select(Account.id).where(
        Account.discoverable,
        present(Account),
        Account.silenced_at.is_null(),
        Account.moved_to.is_null(),
        Account.last_status_at.is_null(False) | newest,
        ~unwanted(Account, viewer_id or 0, clock.now_ms()),
    )
    if local:
        query = query.where(Account.domain == "")
    order = Account.created_at if newest else peewee.fn.COALESCE(Account.last_status_at, 0)
    return [row.id for row in query.order_by(order.desc(), Account.id.desc()).limit(limit).offset(offset)]
