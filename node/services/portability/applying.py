"""What an entry asks for, done; and what is not in a file that replaces, ended. Doing it twice changes nothing."""

from collections.abc import Callable
from typing import Any, NamedTuple

from node.models import Bookmark, Filter, FilterStatus, List, Portable
from node.services import follows
from node.services.accounts import lookup as account_lookup
from node.services.filters import changes as filters
from node.services.filters.changes import KeywordChange, Terms
from node.services.follows import rows as follow_rows
from node.services.interactions import bookmarks
from node.services.portability import exports
from node.services.portability.reading import Cells, FilterEntry, decode_filter, key
from node.services.relationships import blocks, lists, mutes
from node.services.relationships import domain_blocks as account_domain_blocks
from node.services.statuses import loading
from node.store import in_ids

OF_ACCOUNTS = frozenset({Portable.FOLLOWS, Portable.LISTS, Portable.BLOCKS, Portable.MUTES})


class Target(NamedTuple):
    """The account or the status that an entry is about, and how that entry would be written here."""

    id: int
    cells: Cells


def address_in(kind: Portable, cells: Cells) -> str:
    return cells[1] if kind is Portable.LISTS else cells[0]


def with_address(kind: Portable, cells: Cells, address: str) -> Cells:
    """The same entry, about somebody of that address."""
    return (cells[0], address) if kind is Portable.LISTS else (address, *cells[1:])


def apply(account_id: int, kind: Portable, cells: Cells, target_id: int) -> None:
    """A `NodeError` says why it cannot be; the unit of work must end with it."""
    _APPLY[kind](account_id, cells, target_id)


def _follow(account_id: int, cells: Cells, target_id: int) -> None:
    _, reblogs, notify, languages = cells
    follows.follow(
        account_id,
        target_id,
        reblogs=_said(reblogs),
        notify=_said(notify),
        languages=languages.split(", ") if languages else None,
    )


def _said(cell: str) -> bool | None:
    return cell == "true" if cell else None


def _add_to_list(account_id: int, cells: Cells, target_id: int) -> None:
    """As Mastodon reads such files: who is in a list is followed, too."""
    row = _list(account_id, cells[0]) or lists.create(account_id, cells[0])
    asked = follow_rows.get(account_id, target_id) or follow_rows.get_request(account_id, target_id)
    if account_id != target_id and asked is None:
        follows.follow(account_id, target_id)
    lists.add_members(account_id, row.id, [target_id])


def _list(account_id: int, title: str) -> List | None:
    return List.select().where(List.account == account_id, List.title == title).order_by(List.id).first()


def _filter(account_id: int, cells: Cells, _: int) -> None:
    """A filter with the same title gets what it lacks."""
    wanted = decode_filter(cells[0])
    terms = Terms(title=wanted.title, contexts=wanted.context, action=wanted.action, expires_in=wanted.expires_in)
    known = _filter_titled(account_id, wanted.title)
    there = {word.keyword for word in filters.get(account_id, known.id).keywords} if known else set()
    words = [
        KeywordChange(keyword=word.keyword, whole_word=word.whole_word)
        for word in wanted.keywords_attributes
        if " ".join(word.keyword.split()) not in there
    ]
    if known is None:
        known = filters.create(account_id, terms, words).filter
    else:
        filters.update(account_id, known.id, terms, words)
    _name_posts(account_id, known.id, wanted)


def _name_posts(account_id: int, filter_id: int, wanted: FilterEntry) -> None:
    """Of the posts that it names those that are known here; nobody is asked for the others."""
    known = [status.id for uri in wanted.statuses if (status := loading.by_uri(uri)) is not None]
    there = FilterStatus.select(FilterStatus.status).where(FilterStatus.filter == filter_id)
    for status_id in set(loading.visible_ids(account_id, known)) - {row.status_id for row in there}:
        filters.add_status(account_id, filter_id, status_id)


def _filter_titled(account_id: int, title: str) -> Filter | None:
    wanted = title.casefold()
    return next(
        (row for row in Filter.select().where(Filter.account == account_id) if row.title.casefold() == wanted), None
    )


_APPLY: dict[Portable, Callable[[int, Cells, int], Any]] = {
    Portable.FOLLOWS: _follow,
    Portable.LISTS: _add_to_list,
    Portable.BLOCKS: lambda account_id, _, target_id: blocks.block(account_id, target_id),
    Portable.MUTES: lambda account_id, cells, target_id: mutes.mute(
        account_id, target_id, hide_notifications=cells[1] != "false"
    ),
    Portable.DOMAIN_BLOCKS: lambda account_id, cells, _: account_domain_blocks.add(account_id, cells[0]),
    Portable.BOOKMARKS: lambda account_id, _, target_id: bookmarks.add(account_id, target_id),
    Portable.FILTERS: _filter,
}


# ── what is there, and what is to end ──


def there(account_id: int, kind: Portable) -> dict[str, Cells]:
    """What the account has of a kind, by key. Whom it has only asked so far counts as followed."""
    found = [*exports.every(account_id, kind)]
    if kind is Portable.FOLLOWS:
        found += exports.requested(account_id)
    return {key(kind, cells): cells for cells in found}


def end(account_id: int, kind: Portable, cells: Cells) -> None:
    """The opposite of `apply`, for what is known here."""
    if kind in OF_ACCOUNTS:
        name, _, domain = address_in(kind, cells).rpartition("@")
        target = account_lookup.find(name, domain)
        if target is not None:
            _END_TOWARDS[kind](account_id, cells, target.id)
    elif kind is Portable.DOMAIN_BLOCKS:
        account_domain_blocks.remove(account_id, cells[0])
    elif kind is Portable.BOOKMARKS:
        status = loading.by_uri(cells[0])
        if status is not None:
            Bookmark.delete().where(Bookmark.account == account_id, Bookmark.status == status.id).execute()
    elif (row := _filter_titled(account_id, decode_filter(cells[0]).title)) is not None:
        filters.delete(account_id, row.id)


def end_lists(account_id: int, titles: set[str]) -> None:
    """Lists that are not in `titles` are deleted."""
    gone = [row.id for row in lists.of_account(account_id) if row.title not in titles]
    List.delete().where(in_ids(List.id, gone)).execute()


def _drop_from_list(account_id: int, cells: Cells, target_id: int) -> None:
    for row in List.select().where(List.account == account_id, List.title == cells[0]):
        lists.remove_members(account_id, row.id, [target_id])


_END_TOWARDS: dict[Portable, Callable[[int, Cells, int], Any]] = {
    Portable.FOLLOWS: lambda account_id, _, target_id: follows.unfollow(account_id, target_id),
    Portable.LISTS: _drop_from_list,
    Portable.BLOCKS: lambda account_id, _, target_id: blocks.unblock(account_id, target_id),
    Portable.MUTES: lambda account_id, _, target_id: mutes.unmute(account_id, target_id),
}
