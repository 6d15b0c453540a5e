"""Finding statuses by their words, accounts by their names, tags by how they begin.

In the index are statuses written here, remote ones whose author is `indexable` or that concern somebody here. Found
are open posts of people who want that, and whatever the reader wrote, was named in, favourited or bookmarked.
"""

from enum import Enum, auto
from functools import cache, lru_cache
from typing import Any

import peewee

from node import clock, site
from node.models import Account, Follow, Status, Tag, name_search
from node.models import search as index
from node.models.access import follows, present, unwanted, visible
from node.models.paged import Paged, one_id
from node.models.parts import holds, part_of
from node.models.rows import columns, row_of
from node.paging import Page
from node.services.discovery import search_filters
from node.services.discovery.tags import used_in_public
from node.services.statuses.loading import by_id
from node.store import Prepared, param
from node.text import search_query
from node.text.plain import plain_text
from node.text.tokens import hashtag_key

_HIGHEST = "\U0010ffff"
_LOOKED_AT = 200


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
    query = search_query.parse(text)
    words = index.words_of(query.words)
    if not words and not (query.terms and (account_id is not None or search_filters.is_bounded(query))):
        return []
    parts = search_filters.parts_of(query, viewer_id or 0)
    if account_id is not None:
        parts.append(search_filters.Part("from", (account_id,)))
    return _found(bool(words), tuple(part.kind for part in parts)).page(
        search_filters.bounded(page, query),
        text=index.text_of(words) if words else "",
        viewer=viewer_id or 0,
        now=clock.now_ms(),
        **search_filters.values_of(parts),
    )


@lru_cache(maxsize=200)
def _found(has_words: bool, kinds: tuple[search_filters.Kind, ...]) -> Paged[int]:
    """What is found by such conditions, and by words if there are any; people search by few of them again and again."""

    def build() -> Any:
        found = _may_be_read(param("text") if has_words else None, param("viewer"), param("now"))
        return found.where(*search_filters.conditions(kinds))

    return Paged(build, index.order if has_words else Status.id, one_id)


def _may_be_read(text: Any, viewer: Any, now: Any) -> Any:
    """What `viewer` may find, or of it what holds `text`, if that is not None."""
    query = Status.select(Status.id)
    if text is None:
        query = query.join(Account, on=(Account.id == Status.account))
    else:
        query = index.with_words(query, text)
    return query.where(
        visible(Status, Account, viewer),
        search_filters.in_public() | search_filters.in_library(viewer),
        Status.reblog_of.is_null(),
        (Status.account == viewer) | ~unwanted(Account, viewer, now),
    )


def accounts(
    viewer_id: int | None, text: str, limit: int = 40, *, following: bool = False, offset: int = 0
) -> list[int]:
    """Ids of accounts whose handle begins with `text`, or whose name has its words; followed ones first.

    Before all of them whoever has just this handle, where it has a domain: so does Mastodon (AccountSearchService).

    Of very many that fit, some hundreds are looked at: who wants one of the others writes another letter.
    """
    name, _, domain = text.strip().lstrip("@").casefold().partition("@")
    if not name:
        return []
    words = "" if domain else name_search.wanted(name)
    return _accounts(_place_of(domain), bool(words), following).all(
        name=name,
        name_end=name + _HIGHEST,
        part=part_of(name),
        words=words,
        domain=domain,
        domain_end=domain + _HIGHEST,
        viewer=viewer_id or 0,
        now=clock.now_ms(),
        limit=limit,
        offset=offset,
    )


class _Place(Enum):
    """What was typed of a domain: nothing, the beginning of other servers' names, or of our own as well."""

    ANY = auto()
    ELSEWHERE = auto()
    HERE = auto()


def _place_of(domain: str) -> _Place:
    if not domain:
        return _Place.ANY
    return _Place.HERE if any(own.startswith(domain) for own in (site.domain, site.web_domain)) else _Place.ELSEWHERE


@cache
def _accounts(place: _Place, has_words: bool, only_followed: bool) -> Prepared[int]:
    def build() -> Any:
        viewer, name = param("viewer"), param("name")
        found = _followed_that_fit(viewer, place)
        if not only_followed:
            found |= _first(_with_handle(place))
        if has_words and not only_followed:
            found |= _first(name_search.ids(param("words")))
        exact = peewee.Case(None, ((Account.username_key == name, 0),), 1)
        followed = peewee.Case(None, ((follows(viewer, Account.id), 0),), 1)
        query = Account.select(Account.id).where(
            Account.id.in_(found),
            present(Account),
            Account.moved_to.is_null(),
            ~unwanted(Account, viewer, param("now")),
        )
        order = (_whole(place), followed, exact, Account.followers_count.desc(), Account.id)
        return query.order_by(*order).limit(param("limit")).offset(param("offset"))

    return Prepared(build, one_id)


def _whole(place: _Place) -> Any:
    """0 for whom the whole handle names."""
    if place is _Place.ANY:
        return peewee.Value(1)
    of_domain = Account.domain == param("domain")
    if place is _Place.HERE:
        of_domain |= Account.domain == ""
    return peewee.Case(None, (((Account.username_key == param("name")) & of_domain, 0),), 1)


def _begins(account: Any, place: _Place) -> Any:
    handle = (account.username_key >= param("name")) & (account.username_key < param("name_end"))
    if place is _Place.ANY:
        return handle
    of_domain = (account.domain >= param("domain")) & (account.domain < param("domain_end"))
    return handle & (of_domain | (account.domain == "") if place is _Place.HERE else of_domain)


def _followed_that_fit(viewer: Any, place: _Place) -> Any:
    """Whom one follows are few: any part of their name will do."""
    account, follow = Account.alias(), Follow.alias()
    fits = _begins(account, place)
    if place is _Place.ANY:
        fits |= holds(account.display_name, param("part"))
    query = account.select(account.id).join(follow, on=(follow.target == account.id))
    return query.where(follow.account == viewer, fits)


def _with_handle(place: _Place) -> Any:
    """In the order of the index: who is called exactly so comes first."""
    account = Account.alias()
    return account.select(account.id).where(_begins(account, place)).order_by(account.username_key)


def _first(query: Any) -> Any:
    """Of `query` what is looked at; in brackets of its own, for SQLite joins no query that has an end."""
    some = query.limit(_LOOKED_AT).alias("some")
    return peewee.Select((some,), (some.c.id,))


def tags(text: str, limit: int = 40, *, offset: int = 0) -> list[Tag]:
    """Tags that begin with `text` and that anybody may know of, the shortest first."""
    key = hashtag_key(text.strip().lstrip("#"))
    if not key:
        return []
    return _TAGS.all(key=key, key_end=key + _HIGHEST, limit=limit, offset=offset)


_TAGS: Prepared[Tag] = Prepared(
    lambda: (
        Tag.select(*columns(Tag))
        .where((Tag.key >= param("key")) & (Tag.key < param("key_end")), used_in_public(Tag))
        .order_by(peewee.fn.LENGTH(Tag.key), Tag.key)
        .limit(param("limit"))
        .offset(param("offset"))
    ),
    row_of(Tag),
)
