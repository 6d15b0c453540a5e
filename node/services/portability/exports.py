"""The lists of an account as rows of cells, page by page, in the columns that Mastodon writes and reads."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from node import clock, site
from node.models import (
    Account,
    AccountDomainBlock,
    Block,
    Bookmark,
    Filter,
    Follow,
    FollowRequest,
    List,
    ListMember,
    Mute,
    Portable,
    Status,
)
from node.models.access import present, readable
from node.services.filters import changes as filters
from node.services.filters.changes import FilterView
from node.services.statuses import loading
from node.text import tables

PAGE = 1_000
_OPENING_JSON = '{"custom_filters":['

Cells = tuple[str, ...]
Row = tuple[int, Cells]  # the id that the next page begins after


class Format(NamedTuple):
    """`heading` is the first line, where Mastodon writes one. Filters go in JSON, as they do there."""

    file_name: str
    heading: Cells = ()
    is_json: bool = False

    @property
    def opening(self) -> str:
        """What the file begins with."""
        return _OPENING_JSON if self.is_json else tables.written([self.heading] if self.heading else [])

    @property
    def closing(self) -> str:
        return "]}" if self.is_json else ""

    def text_of(self, rows: Sequence[Cells], *, is_first: bool) -> str:
        """A page as it stands in the file."""
        if self.is_json:
            return ("" if is_first else ",") + ",".join(cells[0] for cells in rows)
        return tables.written(rows)


FORMATS: dict[Portable, Format] = {
    Portable.FOLLOWS: Format(
        "following_accounts.csv", ("Account address", "Show boosts", "Notify on new posts", "Languages")
    ),
    Portable.FOLLOWERS: Format("followers.csv", ("Account address",)),
    Portable.LISTS: Format("lists.csv"),
    Portable.BLOCKS: Format("blocked_accounts.csv"),
    Portable.MUTES: Format("muted_accounts.csv", ("Account address", "Hide notifications")),
    Portable.DOMAIN_BLOCKS: Format("blocked_domains.csv"),
    Portable.BOOKMARKS: Format("bookmarks.csv"),
    Portable.FILTERS: Format("custom_filters.json", is_json=True),
}


def by_file_name(name: str) -> Portable | None:
    return next((kind for kind, known in FORMATS.items() if known.file_name == name), None)


def page(account_id: int, kind: Portable, after: int = 0) -> list[Row]:
    """At most `PAGE` rows after the one with that id, in the order in which they came to be."""
    return _PAGES[kind](account_id, after)


def every(account_id: int, kind: Portable) -> Iterator[Cells]:
    """All rows. For what has bounds: not for followers."""
    after = 0
    while rows := page(account_id, kind, after):
        yield from (cells for _, cells in rows)
        after = rows[-1][0]


def counts(account_id: int) -> dict[Portable, int]:
    """How many there are of each, the ones that are gone included."""
    members = ListMember.select().join(List, on=(List.id == ListMember.list)).where(List.account == account_id)
    return {
        Portable.FOLLOWS: Follow.select().where(Follow.account == account_id).count(),
        Portable.FOLLOWERS: Follow.select().where(Follow.target == account_id).count(),
        Portable.LISTS: members.count(),
        Portable.BLOCKS: Block.select().where(Block.account == account_id).count(),
        Portable.MUTES: Mute.select().where(Mute.account == account_id).count(),
        Portable.DOMAIN_BLOCKS: AccountDomainBlock.select().where(AccountDomainBlock.account == account_id).count(),
        Portable.BOOKMARKS: Bookmark.select().where(Bookmark.account == account_id).count(),
        Portable.FILTERS: Filter.select().where(Filter.account == account_id).count(),
    }


def address(username: str, domain: str) -> str:
    """A handle as other servers need it, our own domain included."""
    return f"{username}@{domain or site.domain}"


def requested(account_id: int) -> list[Cells]:
    """Whom the account asked whether it may follow: no part of a file, and no more than it may follow."""
    return [cells for _, cells in _REQUESTED(account_id, 0)]


def _of_accounts(
    model: Any, shown: Any, mine: Any, *extra: Any, only: tuple[Any, ...] = (), limit: int = PAGE
) -> Callable[[int, int], list[Row]]:
    """Rows of `model`: the handle of `shown` and what `extra` columns say."""

    def rows(account_id: int, after: int) -> list[Row]:
        query = (
            model.select(model.id, Account.username, Account.domain, *extra)
            .join(Account, on=(Account.id == shown))
            .where(mine == account_id, present(Account), model.id > after, *only)
            .order_by(model.id)
            .limit(limit)
        )
        return [(row_id, (address(name, domain), *map(cell, rest))) for row_id, name, domain, *rest in query.tuples()]

    return rows


def cell(value: bool | str) -> str:
    """A switch, or languages."""
    return ", ".join(filter(None, value.split(","))) if isinstance(value, str) else str(value).lower()


def _lists(account_id: int, after: int) -> list[Row]:
    """All at once: there are few lists, and their members are people who are followed."""
    if after:
        return []
    query: Any = (
        ListMember.select(List.title, Account.username, Account.domain)
        .join(List, on=(List.id == ListMember.list))
        .join_from(ListMember, Account, on=(Account.id == ListMember.account))
        .where(List.account == account_id, present(Account))
        .order_by(List.id, ListMember.account)
    )
    return [(1, (title, address(name, domain))) for title, name, domain in query.tuples()]


def _domain_blocks(account_id: int, after: int) -> list[Row]:
    model = AccountDomainBlock
    query: Any = model.select(model.id, model.domain).where(model.account == account_id, model.id > after)
    return [(row_id, (domain,)) for row_id, domain in query.order_by(model.id).limit(PAGE).tuples()]


def _bookmarks(account_id: int, after: int) -> list[Row]:
    """Of posts that may still be read; who cannot read one any more is not told where it is, either."""
    query: Any = (
        Bookmark.select(Bookmark.id, Status.uri)
        .join(Status, on=(Status.id == Bookmark.status))
        .where(Bookmark.account == account_id, Bookmark.id > after, readable(Status.id, account_id))
    )
    return [(row_id, (uri,)) for row_id, uri in query.order_by(Bookmark.id).limit(PAGE).tuples()]


def _filters(account_id: int, after: int) -> list[Row]:
    return [(view.filter.id, (_filter(account_id, view),)) for view in filters.of_account(account_id) if not after]


def _filter(account_id: int, view: FilterView) -> str:
    named = loading.visible_ids(account_id, [row.status_id for row in view.statuses])
    uris = [status.uri for status in loading.by_ids(named)]
    row = view.filter
    return msgspec.json.encode(
        {
            "title": row.title,
            "context": row.contexts.split(),
            "action": row.action,
            "expires_at": None if row.expires_at is None else clock.iso(row.expires_at),
            "keywords_attributes": [
                {"keyword": word.keyword, "whole_word": bool(word.whole_word)} for word in view.keywords
            ],
            "statuses": uris,
        }
    ).decode()


_REQUESTED = _of_accounts(FollowRequest, FollowRequest.target, FollowRequest.account, limit=10_000)
_PAGES: dict[Portable, Callable[[int, int], list[Row]]] = {
    Portable.FOLLOWS: _of_accounts(
        Follow, Follow.target, Follow.account, Follow.show_reblogs, Follow.notify, Follow.languages
    ),
    Portable.FOLLOWERS: _of_accounts(Follow, Follow.account, Follow.target),
    Portable.LISTS: _lists,
    Portable.BLOCKS: _of_accounts(Block, Block.target, Block.account),
    # A mute that ends by itself would not end elsewhere.
    Portable.MUTES: _of_accounts(
        Mute, Mute.target, Mute.account, Mute.hide_notifications, only=(Mute.expires_at.is_null(),)
    ),
    Portable.DOMAIN_BLOCKS: _domain_blocks,
    Portable.BOOKMARKS: _bookmarks,
    Portable.FILTERS: _filters,
}
