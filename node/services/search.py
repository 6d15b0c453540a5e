"""Finding statuses by their words, accounts by their names, tags by how they begin.

In the index are statuses written here, remote ones whose author is `indexable` or that concern somebody here. Found
are open posts of people who want that, and whatever the reader wrote, was named in, favourited or bookmarked.
"""

from typing import Any

import peewee

from node import clock
from node.models import Account, Bookmark, Favourite, Status, Tag, Visibility
from node.models import search as index
from node.models.access import exists, follows, mentioned, present, unwanted, visible
from node.paging import Page
from node.services.loading import by_id
from node.services.tags import used_in_public
from node.text.plain import plain_text
from node.text.tokens import hashtag_key

_HIGHEST = "\U0010ffff"


def add(status: Status) -> None:
    """Index a status, or index it anew after an edit."""
    index.index(status.id, plain_text(f"{status.spoiler_text}\n{status.content}"))


def add_by_id(status_id: int) -> None:
    """Index a status because somebody here keeps it."""
    status = by_id(status_id)
    if status is not None and not status.local and status.reblog_of is None:
        add(status)


def statuses(viewer_id: int | None, words: str, page: Page, *, account_id: int | None = None) -> list[int]:
    """Ids of statuses that hold all `words`, newest first; of one account if `account_id` is given."""
    wanted = index.words_of(words)
    if not wanted:
        return []
    viewer = viewer_id or 0
    query = (
        Status.select(Status.id)
        .join(Account, on=(Account.id == Status.account))
        .where(
            index.matches(Status.id, wanted),
            visible(Status, Account, viewer),
            _may_be_found(viewer),
            (Status.account == viewer) | ~unwanted(Account, viewer, clock.now_ms()),
        )
    )
    if account_id is not None:
        query = query.where(Status.account == account_id)
    return [row.id for row in page.of(query, Status.id)]


def _may_be_found(viewer: int) -> Any:
    return (
        (Status.account == viewer)
        | ((Status.visibility == Visibility.PUBLIC) & Account.indexable & Account.silenced_at.is_null())
        | mentioned(viewer, Status)
        | exists(Favourite, Favourite.status == Status.id, Favourite.account == viewer)
        | exists(Bookmark, Bookmark.status == Status.id, Bookmark.account == viewer)
    )


def accounts(
    viewer_id: int | None, text: str, limit: int = 40, *, following: bool = False, offset: int = 0
) -> list[int]:
    """Ids of accounts whose handle begins with `text` or whose name holds it; followed ones first."""
    name, _, domain = text.strip().lstrip("@").casefold().partition("@")
    if not name:
        return []
    viewer = viewer_id or 0
    query = Account.select(Account.id).where(
        present(Account), Account.moved_to.is_null(), ~unwanted(Account, viewer, clock.now_ms())
    )
    begins = (Account.username_key >= name) & (Account.username_key < name + _HIGHEST)
    if domain:
        query = query.where(begins, Account.domain.startswith(domain))
    else:
        query = query.where(begins | Account.display_name.contains(name))
    followed = follows(viewer, Account.id)
    if following:
        query = query.where(followed)
    exact = peewee.Case(None, ((Account.username_key == name, 0),), 1)
    order = (peewee.Case(None, ((followed, 0),), 1), exact, Account.followers_count.desc(), Account.id)
    return [row.id for row in query.order_by(*order).limit(limit).offset(offset)]


def tags(text: str, limit: int = 40, *, offset: int = 0) -> list[Tag]:
    """Tags that begin with `text` and that anybody may know of, the shortest first."""
    key = hashtag_key(text.strip().lstrip("#"))
    if not key:
        return []
    query = Tag.select().where((Tag.key >= key) & (Tag.key < key + _HIGHEST), used_in_public(Tag))
    return list(query.order_by(peewee.fn.LENGTH(Tag.key), Tag.key).limit(limit).offset(offset))
