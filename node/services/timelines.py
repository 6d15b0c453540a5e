"""Timelines, as ids of statuses, newest first. Who may see what, and who wants to, is decided in each query.

The home timeline is read from the feed that was written when statuses were made; below its end, from the follows.
"""

from functools import cache
from typing import Any

import peewee
from peewee import fn

from node import clock, jobs
from node.jobs import JobKind, Priority
from node.models import (
    Account,
    Bookmark,
    Favourite,
    Feed,
    Follow,
    List,
    ListMember,
    MediaAttachment,
    Pin,
    Status,
    StatusTag,
    Tag,
    User,
    Visibility,
)
from node.models.access import OPEN, exists, follows, mentioned, present, unwanted, visible
from node.models.paged import Paged, one_id
from node.paging import Page
from node.services import lists
from node.services.home_rules import ACTIVE_MS, BOOST_WINDOW, FEED_SIZE, understands, wants, wants_boost
from node.services.loading import visible_with_original
from node.store import Prepared, in_ids, param
from node.text.tokens import hashtag_key

_MAX_TAGS = 4  # besides the first, in each of any, all and none, as Mastodon has it

_Row = tuple[int, int]


def _row(row_id: Any, status_id: Any) -> _Row:
    return int(row_id), int(status_id)


# ── home ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _feed() -> Any:
    """The feed without what its reader has stopped wanting since it was written."""
    account, now = param("account"), param("now")
    original, original_author = Status.alias(), Account.alias()
    return (
        Feed.select(Feed.status)
        .join_from(Feed, Status, on=(Status.id == Feed.status))
        .join_from(Status, Account, on=(Account.id == Status.account))
        .join_from(Status, original, peewee.JOIN.LEFT_OUTER, on=(original.id == Status.reblog_of))
        .join_from(original, original_author, peewee.JOIN.LEFT_OUTER, on=(original_author.id == original.account))
        .where(
            Feed.account == account,
            present(Account),
            (Status.account == account) | (_still_readable(account) & ~unwanted(Account, account, now)),
            Status.reblog_of.is_null()
            | (present(original_author) & ((original.account == account) | ~unwanted(original_author, account, now))),
        )
    )


def _still_readable(reader: Any) -> Any:
    """Until the feed of somebody who follows no more is built anew."""
    return Status.visibility.in_(OPEN) | follows(reader, Status.account) | mentioned(reader, Status)


_HOME = Paged(_feed, Feed.status, one_id)
_FEED_LENGTH = Prepared(
    lambda: Feed.select(fn.COUNT(peewee.SQL("*"))).where(Feed.account == param("account")), one_id
)


def home(account_id: int, page: Page) -> list[int]:
    """The home timeline of a local account."""
    rows = _HOME.page(page, account=account_id, now=clock.now_ms())
    if len(rows) == page.limit or page.is_upward or (_FEED_LENGTH.first(account=account_id) or 0) < FEED_SIZE:
        return rows
    # What a feed holds is limited; who reads on gets the rest from whom it follows.
    rest = Page(limit=page.limit - len(rows), max_id=min([page.max_id, *rows[-1:]]), since_id=page.since_id)
    return rows + [status_id for status_id, _ in _by_follows(account_id, rest)]


def _newest_of(author: Any) -> Any:
    """The newest statuses of one author within a page: a subquery that one index answers."""
    one = Status.alias()
    return (
        one.select(one.id)
        .where(one.account == author, one.id < param("max_id"), one.id > param("floor"))
        .order_by(one.id.desc())
        .limit(param("each"))
    )


def _from_follows() -> Any:
    reader, now = param("account"), param("now")
    original, original_author = Status.alias(), Account.alias()
    return (
        Follow.select(Status.id, Status.reblog_of)
        .join_from(Follow, Account, on=(Account.id == Follow.target))
        .join_from(Follow, Status, on=(Status.account == Follow.target) & Status.id.in_(_newest_of(Follow.target)))
        .join_from(Status, original, peewee.JOIN.LEFT_OUTER, on=(original.id == Status.reblog_of))
        .join_from(original, original_author, peewee.JOIN.LEFT_OUTER, on=(original_author.id == original.account))
        .where(
            Follow.account == reader,
            present(Account),
            Status.reblog_of.is_null()
            | (Follow.show_reblogs & present(original_author) & wants_boost(reader, Account, original_author, now)),
            Status.reblog_of.is_null(False) | (understands(Follow, Status) & wants(reader, Status, Account, now)),
        )
        .order_by(Status.id.desc())
        .limit(param("limit"))
    )


_FROM_FOLLOWS = Prepared(_from_follows, lambda status_id, original_id: (int(status_id), original_id))
_OWN = Prepared(
    lambda: (
        Status.select(Status.id, Status.reblog_of)
        .where(Status.account == param("account"), Status.id < param("max_id"), Status.id > param("floor"))
        .order_by(Status.id.desc())
        .limit(param("limit"))
    ),
    lambda status_id, original_id: (int(status_id), original_id),
)
_FOLLOW_COUNT = Prepared(
    lambda: Follow.select(fn.COUNT(peewee.SQL("*"))).where(Follow.account == param("account")), one_id
)


def _by_follows(account_id: int, page: Page) -> list[tuple[int, int | None]]:
    """(status id, id of what it boosts), newest first, straight from the statuses of those who are followed."""
    count = _FOLLOW_COUNT.first(account=account_id) or 0
    each = min(max(4 * page.limit // max(count, 1), 20), page.limit)
    values = {"account": account_id, "max_id": page.max_id, "floor": page.floor, "limit": page.limit}
    rows = set(_OWN.all(**values)) | set(_FROM_FOLLOWS.all(**values, each=each, now=clock.now_ms()))
    return sorted(rows, reverse=True, key=lambda row: row[0])[: page.limit]


def rebuild(account_id: int) -> None:
    """Write the feed anew: after a long absence, a follow or an unfollow."""
    kept: list[tuple[int, int | None]] = []
    for status_id, original_id in reversed(_by_follows(account_id, Page(limit=FEED_SIZE))):
        shown = {number for row in kept[-BOOST_WINDOW:] for number in row}
        if original_id is None or original_id not in shown:
            kept.append((status_id, original_id))
    Feed.delete().where(Feed.account == account_id).execute()
    rows = [(account_id, status_id) for status_id, _ in kept]
    for start in range(0, len(rows), 200):
        Feed.insert_many(rows[start : start + 200], [Feed.account, Feed.status]).execute()


def seen(user_id: int, account_id: int) -> None:
    """Somebody is here. After a long absence, in which nothing was written into the feed, it is built anew."""
    now = clock.now_ms()
    user = User.get_by_id(user_id)
    if (user.last_active_at or user.created_at) < now - ACTIVE_MS:
        jobs.enqueue(JobKind.BUILD_FEED, account_id, priority=Priority.URGENT, once=True)
    User.update(last_active_at=now).where(User.id == user_id).execute()


# ── public, local, federated ───────────────────────────────────────────────────────────────────────────────────────


def _is_public(viewer: Any) -> Any:
    """For everybody's eyes: public, no boost, by somebody who is not limited, wanted by this reader."""
    return (
        (Status.visibility == Visibility.PUBLIC)
        # Said so that SQLite does not take the index of boosts: that one knows no visibility.
        & (fn.COALESCE(Status.reblog_of, 0) == 0)
        & present(Account)
        & Account.silenced_at.is_null()
        & (~Status.local_only | (viewer != 0))
        & ((Status.account == viewer) | ~unwanted(Account, viewer, param("now")))
    )


def _has_media() -> Any:
    return exists(MediaAttachment, MediaAttachment.status == Status.id)


@cache
def _public(local: bool, only_media: bool) -> Paged[int]:
    def build() -> Any:
        query = (
            Status.select(Status.id)
            .join(Account, on=(Account.id == Status.account))
            .where(
                Status.local == local,
                _is_public(param("viewer")),
                (Status.in_reply_to_uri == "") | (Status.in_reply_to_account == Status.account),
            )
        )
        return query.where(_has_media()) if only_media else query

    return Paged(build, Status.id, one_id)


def public(
    viewer_id: int | None, page: Page, *, local: bool = False, remote: bool = False, only_media: bool = False
) -> list[int]:
    """Public statuses, answers to others left out; with `local` or `remote` only those from here or elsewhere."""
    values = {"viewer": viewer_id or 0, "now": clock.now_ms()}
    # One walk along the index for each part: neither engine would merge them in order by itself.
    parts = [part for part, left_out in ((True, remote), (False, local)) if not left_out]
    rows = [_public(part, only_media).page(page, **values) for part in parts]
    return _merged(rows, page)


def _merged(parts: list[list[int]], page: Page) -> list[int]:
    if len(parts) == 1:
        return parts[0]
    ids = sorted((status_id for part in parts for status_id in part), reverse=True)
    return ids[-page.limit :] if page.is_upward else ids[: page.limit]


# ── hashtags ───────────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def _tagged(local: bool, remote: bool, only_media: bool, any_: bool, all_: bool, none: bool) -> Paged[int]:
    def build() -> Any:
        query = (
            StatusTag.select(StatusTag.status)
            .join_from(StatusTag, Status, on=(Status.id == StatusTag.status))
            .join_from(Status, Account, on=(Account.id == Status.account))
            .where(_is_public(param("viewer")))
        )
        other = StatusTag.alias()
        if any_:
            query = query.where(in_ids(StatusTag.tag, param("tags"))).distinct()
        else:
            query = query.where(StatusTag.tag == param("tag"))
        if all_:
            having = other.select(fn.COUNT(other.tag)).where(
                other.status == StatusTag.status, in_ids(other.tag, param("all_of"))
            )
            query = query.where(having == param("all_count"))
        if none:
            query = query.where(~exists(other, other.status == StatusTag.status, in_ids(other.tag, param("none_of"))))
        if local or remote:
            query = query.where(Status.local == local)
        return query.where(_has_media()) if only_media else query

    return Paged(build, StatusTag.status, one_id)


def tag(
    viewer_id: int | None,
    name: str,
    page: Page,
    *,
    any_of: list[str] | None = None,
    all_of: list[str] | None = None,
    none_of: list[str] | None = None,
    local: bool = False,
    remote: bool = False,
    only_media: bool = False,
) -> list[int]:
    """Public statuses with a hashtag, or any of some, which also have all of some and none of others."""
    first = _tag_ids([name])
    others, needed = _tag_ids(any_of or []), _tag_ids(all_of or [])
    wanted_names = {hashtag_key(one.lstrip("#")) for one in (all_of or [])[:_MAX_TAGS]}
    tags = [*first, *others]
    if not tags or len(needed) < len(wanted_names) or (local and remote):
        return []
    excluded = _tag_ids(none_of or [])
    query = _tagged(local, remote, only_media, len(tags) > 1, bool(needed), bool(excluded))
    return query.page(
        page,
        viewer=viewer_id or 0,
        now=clock.now_ms(),
        tag=tags[0],
        tags=tags,
        all_of=needed,
        all_count=len(needed),
        none_of=excluded,
    )


_TAG_IDS = Prepared(lambda: Tag.select(Tag.id).where(Tag.key == param("key")), one_id)


def _tag_ids(names: list[str]) -> list[int]:
    keys = dict.fromkeys(hashtag_key(name.lstrip("#")) for name in names[:_MAX_TAGS])
    return [found for key in keys if (found := _TAG_IDS.first(key=key)) is not None]


# ── lists ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _listed(*, newest: bool) -> Any:
    """What stands in a list: the same for its timeline and for its stream."""
    reader, now = param("account"), param("now")
    original, original_author = Status.alias(), Account.alias()
    of_member = Status.account == ListMember.account
    return (
        ListMember.select(Status.id)
        .join_from(ListMember, List, on=(List.id == ListMember.list))
        .join_from(ListMember, Account, on=(Account.id == ListMember.account))
        .join_from(
            ListMember, Status, on=of_member & Status.id.in_(_newest_of(ListMember.account)) if newest else of_member
        )
        .join_from(Status, original, peewee.JOIN.LEFT_OUTER, on=(original.id == Status.reblog_of))
        .join_from(original, original_author, peewee.JOIN.LEFT_OUTER, on=(original_author.id == original.account))
        .where(
            ListMember.list == param("list"),
            Status.visibility != Visibility.DIRECT,
            visible(Status, Account, reader),
            (Status.account == reader) | ~unwanted(Account, reader, now),
            Status.reblog_of.is_null()
            | (present(original_author) & ~unwanted(original_author, reader, now) & _shows_boosts(reader)),
            (Status.in_reply_to_uri == "")
            | (Status.in_reply_to_account == Status.account)
            | _answers_allowed(reader),
        )
    )


def _shows_boosts(reader: Any) -> Any:
    return (ListMember.account == reader) | exists(
        Follow, Follow.account == reader, Follow.target == ListMember.account, Follow.show_reblogs
    )


def _answers_allowed(reader: Any) -> Any:
    """As the list's owner wants it: to members of the list, to whomever the owner follows, or none."""
    member = ListMember.alias()
    to_member = exists(member, member.list == List.id, member.account == Status.in_reply_to_account)
    to_followed = follows(reader, Status.in_reply_to_account)
    return ((List.replies_policy != "none") & (Status.in_reply_to_account == reader)) | (
        ((List.replies_policy == "list") & to_member) | ((List.replies_policy == "followed") & to_followed)
    )


_LIST = Prepared(lambda: _listed(newest=True).order_by(Status.id.desc()).limit(param("limit")), one_id)
_IN_LIST = Prepared(lambda: _listed(newest=False).where(Status.id == param("status")), one_id)


def list_timeline(account_id: int, list_id: int, page: Page) -> list[int]:
    """Statuses of the members of an own list."""
    row: List = lists.get(account_id, list_id)
    # Of each member more than a page is looked at, because some of it is left out.
    values = {"account": account_id, "list": row.id, "each": 2 * page.limit + 20, "now": clock.now_ms()}
    if not page.is_upward:
        return _LIST.all(max_id=page.max_id, floor=page.floor, limit=page.limit, **values)
    rows = _LIST.all(max_id=page.max_id, floor=page.floor, limit=10 * page.limit, **values)
    return rows[-page.limit :]


def is_in_list(account_id: int, list_id: int, status_id: int) -> bool:
    """Whether a status that was just made stands in the list of `account_id`."""
    return _IN_LIST.first(account=account_id, list=list_id, status=status_id, now=clock.now_ms()) is not None


# ── one account ────────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def _account(only_media: bool, exclude_replies: bool, exclude_reblogs: bool, tagged: bool) -> Paged[int]:
    def build() -> Any:
        query = visible_with_original(Status.select(Status.id), param("viewer")).where(
            Status.account == param("account")
        )
        if only_media:
            query = query.where(_has_media())
        if exclude_replies:
            query = query.where((Status.in_reply_to_uri == "") | (Status.in_reply_to_account == Status.account))
        if exclude_reblogs:
            query = query.where(Status.reblog_of.is_null())
        if tagged:
            query = query.where(exists(StatusTag, StatusTag.status == Status.id, StatusTag.tag == param("tag")))
        return query

    return Paged(build, Status.id, one_id)


_PINNED = Paged(
    lambda: visible_with_original(Status.select(Status.id), param("viewer")).where(
        Status.account == param("account"), exists(Pin, Pin.status == Status.id)
    ),
    Status.id,
    one_id,
)


def account(
    viewer_id: int | None,
    account_id: int,
    page: Page,
    *,
    only_media: bool = False,
    exclude_replies: bool = False,
    exclude_reblogs: bool = False,
    pinned: bool = False,
    tagged: str = "",
) -> list[int]:
    """What an account wrote and boosted, as far as the viewer may read it."""
    values: dict[str, Any] = {"viewer": viewer_id or 0, "account": account_id}
    if pinned:
        return _PINNED.page(page, **values)
    if tagged:
        tags = _tag_ids([tagged])
        if not tags:
            return []
        values["tag"] = tags[0]
    return _account(only_media, exclude_replies, exclude_reblogs, bool(tagged)).page(page, **values)


# ── what somebody kept ─────────────────────────────────────────────────────────────────────────────────────────────


def _kept(model: Any) -> Paged[_Row]:
    def build() -> Any:
        return (
            model.select(model.id, model.status)
            .join_from(model, Status, on=(Status.id == model.status))
            .join_from(Status, Account, on=(Account.id == Status.account))
            .where(model.account == param("account"), visible(Status, Account, param("account")))
        )

    return Paged(build, model.id, _row)


_FAVOURITES, _BOOKMARKS = _kept(Favourite), _kept(Bookmark)


def favourites(account_id: int, page: Page) -> list[_Row]:
    """(row id, status id) of what the account favourited; pages are counted by row ids."""
    return _FAVOURITES.page(page, account=account_id)


def bookmarks(account_id: int, page: Page) -> list[_Row]:
    """(row id, status id) of what the account keeps; pages are counted by row ids."""
    return _BOOKMARKS.page(page, account=account_id)
