"""Finding statuses by their words, accounts by their names, tags by how they begin.

In the index are statuses written here, remote ones whose author is `indexable` or that concern somebody here. Found
are open posts of people who want that, and whatever the reader wrote, was named in, favourited or bookmarked.
"""

from typing import Any

import peewee

from node import clock
from node.models import Account, Status, Tag
from node.models import search as index
from node.models.access import follows, present, unwanted, visible
from node.paging import Page
from node.services.discovery import search_filters
from node.services.discovery.tags import used_in_public
from node.services.statuses.loading import by_id
from node.text import search_query
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


def statuses(viewer_id: int | None, text: str, page: Page, *, account_id: int | None = None) -> list[int]:
    """Ids of statuses that hold all words and fulfil all operators of `text`, newest first.

    Of one account if `account_id` is given. Operators alone are enough where they name an author or one's library.
    """
    query, viewer = search_query.parse(text), viewer_id or 0
    wanted = index.words_of(query.words)
    if not wanted and not (query.terms and (account_id is not None or search_filters.is_bounded(query))):
        return []
    found = _may_be_read(viewer).where(*search_filters.conditions(query, viewer))
    if wanted:
        found = found.where(index.matches(Status.id, wanted))
    if account_id is not None:
        found = found.where(Status.account == account_id)
    return [row.id for row in page.of(found, Status.id)]


def _may_be_read(viewer: int) -> Any:
    return (
        Status.select(Status.id)
        .join(Account, on=(Account.id == Status.account))
        .where(
            visible(Status, Account, viewer),
            search_filters.in_public() | search_filters.in_library(viewer),
            Status.reblog_of.is_null(),
            (Status.account == viewer) | ~unwanted(Account, viewer, clock.now_ms()),
        )
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
