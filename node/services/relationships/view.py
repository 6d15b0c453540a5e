"""How somebody stands to some accounts: a fixed number of queries, however many are asked for."""

from typing import Any

import msgspec

from node import clock
from node.models import Account, AccountDomainBlock, AccountNote, Block, Endorsement, Follow, FollowRequest, Mute
from node.models.access import exists, present
from node.models.paged import one_id
from node.services.accounts import lookup
from node.store import Prepared, in_ids, param


class RelationshipView(msgspec.Struct, kw_only=True):
    """The client API's Relationship, with times in milliseconds."""

    id: int
    following: bool = False
    showing_reblogs: bool = False
    notifying: bool = False
    languages: list[str] | None = None
    followed_by: bool = False
    blocking: bool = False
    blocked_by: bool = False
    muting: bool = False
    muting_notifications: bool = False
    muting_expires_at: int | None = None
    requested: bool = False
    requested_by: bool = False
    domain_blocking: bool = False
    endorsed: bool = False
    note: str = ""


def _to(model: Any, *columns: str) -> Any:
    """Rows from the viewer to the accounts."""
    return Prepared(
        lambda: model.select(model.target, *(getattr(model, name) for name in columns)).where(
            (model.account == param("viewer")) & in_ids(model.target, param("ids"))
        ),
        lambda *row: row,
    )


def _from(model: Any) -> Any:
    """Accounts that have a row to the viewer."""
    return Prepared(
        lambda: model.select(model.account).where(
            (model.target == param("viewer")) & in_ids(model.account, param("ids"))
        ),
        lambda account_id: int(account_id),
    )


_KNOWN = Prepared(lambda: Account.select(Account.id).where(in_ids(Account.id, param("ids"))), one_id)
_PRESENT = Prepared(
    lambda: Account.select(Account.id).where(in_ids(Account.id, param("ids")), present(Account)), one_id
)
# Whom somebody recommends they follow, so that one query tells of both.
_FOLLOWS = Prepared(
    lambda: Follow.select(
        Follow.target,
        Follow.show_reblogs,
        Follow.notify,
        Follow.languages,
        exists(Endorsement, Endorsement.account == Follow.account, Endorsement.target == Follow.target),
    ).where((Follow.account == param("viewer")) & in_ids(Follow.target, param("ids"))),
    lambda *row: row,
)
_REQUESTS = _to(FollowRequest, "show_reblogs", "notify", "languages")
_BLOCKS = _to(Block)
_MUTES = _to(Mute, "hide_notifications", "expires_at")
_NOTES = _to(AccountNote, "comment")
_FOLLOWED_BY = _from(Follow)
_REQUESTED_BY = _from(FollowRequest)
_BLOCKED_BY = _from(Block)
_DOMAINS = Prepared(
    lambda: (
        Account.select(Account.id)
        .join(AccountDomainBlock, on=(AccountDomainBlock.domain == Account.domain))
        .where((AccountDomainBlock.account == param("viewer")) & in_ids(Account.id, param("ids")))
    ),
    lambda account_id: int(account_id),
)


def relationships(viewer_id: int, ids: list[int], *, with_suspended: bool = True) -> list[RelationshipView]:
    """In the order given, each once; ids of nobody are left out."""
    known = set((_KNOWN if with_suspended else _PRESENT).all(ids=ids))
    asked = {"viewer": viewer_id, "ids": list(known)}
    views = {account_id: RelationshipView(id=account_id) for account_id in ids if account_id in known}
    for account_id, reblogs, notify, languages, endorsed in _FOLLOWS.all(**asked):
        views[account_id].following, views[account_id].endorsed = True, bool(endorsed)
        _set_options(views[account_id], reblogs, notify, languages)
    for account_id, reblogs, notify, languages in _REQUESTS.all(**asked):
        views[account_id].requested = True
        _set_options(views[account_id], reblogs, notify, languages)
    for account_id, hides, expires_at in _MUTES.all(**asked):
        if expires_at is None or expires_at > clock.now_ms():
            view = views[account_id]
            view.muting, view.muting_notifications, view.muting_expires_at = True, bool(hides), expires_at
    for account_id, comment in _NOTES.all(**asked):
        views[account_id].note = comment
    for (account_id,) in _BLOCKS.all(**asked):
        views[account_id].blocking = True
    for account_id in _FOLLOWED_BY.all(**asked):
        views[account_id].followed_by = True
    for account_id in _REQUESTED_BY.all(**asked):
        views[account_id].requested_by = True
    for account_id in _BLOCKED_BY.all(**asked):
        views[account_id].blocked_by = True
    for account_id in _DOMAINS.all(**asked):
        views[account_id].domain_blocking = True
    return list(views.values())


def followed(viewer_id: int, account_id: int) -> RelationshipView:
    """How the viewer stands to whom they have just followed, or asked to.

    Open accounts elsewhere answer within seconds, so apps show them as followed at once: Mastodon says so, too.
    """
    (view,) = relationships(viewer_id, [account_id])
    if view.requested:
        accounts = lookup.by_ids([viewer_id, account_id])
        if not accounts[account_id].locked and accounts[viewer_id].silenced_at is None:
            view.following, view.requested = True, False
    return view


def _set_options(view: RelationshipView, reblogs: object, notify: object, languages: str) -> None:
    view.showing_reblogs, view.notifying = bool(reblogs), bool(notify)
    view.languages = languages.split(",") if languages else None
