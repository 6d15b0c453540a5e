"""Files of lists that people bring: Mastodon's, ours, and what spreadsheets make of them. All of it is a stranger's."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from node import clock, site
from node.errors import Invalid
from node.models import FilterAction, FilterContext, Portable
from node.services.filters.changes import MAX_KEYWORD_CHARS, MAX_KEYWORDS, MAX_STATUSES, MAX_TITLE_CHARS
from node.services.relationships import lists
from node.speech import said
from node.text import tables
from node.text.domains import normal_domain

MAX_BYTES = 4 << 20
MAX_ROWS = 20_000
_MAX_CELL_CHARS = 2_048
_MAX_LANGUAGES = 50

Cells = tuple[str, ...]


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """A line, its cells in the order of our own files (exports.py), each as we would write it; "" for what is not said."""

    line: int
    cells: Cells


@dataclass(frozen=True)
class Unreadable:
    line: int
    cells: Cells
    problem: str


@dataclass(frozen=True)
class Reading:
    entries: list[Entry] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)


def read(kind: Portable, data: bytes) -> Reading:
    """What the file asks for, the same thing once; Invalid for what cannot be such a file."""
    if len(data) > MAX_BYTES:
        raise Invalid(
            said("The file is too large: %(megabytes)s MB are the most.", megabytes=MAX_BYTES >> 20),
            {"file": "is too large"},
        )
    rows = _filter_rows(data) if kind is Portable.FILTERS else _table_rows(kind, data)
    reading, seen = Reading(), set()
    for line, cells in rows:
        try:
            entry = Entry(line, _checked(kind, cells))
        except Invalid as refusal:
            shown = tuple(cell[:_MAX_CELL_CHARS] for cell in cells)
            reading.unreadable.append(Unreadable(line, shown, refusal.sentence))
            continue
        if (name := key(kind, entry.cells)) not in seen:
            seen.add(name)
            reading.entries.append(entry)
    if not reading.entries:
        first = reading.unreadable[0].problem if reading.unreadable else said("It is empty.")
        raise Invalid(
            said("Nothing in the file could be read. %(first)s", first=first),
            {"file": said("Nothing could be read. %(first)s", first=first)},
        )
    return reading


def key(kind: Portable, cells: Cells) -> str:
    """What makes two entries the same."""
    if kind is Portable.LISTS:
        return f"{cells[0]}\n{cells[1].casefold()}"
    if kind is Portable.FILTERS:
        return decode_filter(cells[0]).title.casefold()
    return cells[0] if kind is Portable.BOOKMARKS else cells[0].casefold()


# ── tables ──


def _named(*names: str) -> frozenset[str]:
    return frozenset(names)


_ACCOUNT = _named("account address", "account", "address", "acct", "handle")
# Of each kind its columns by the names that are known for them, the first one always there.
_COLUMNS: dict[Portable, tuple[frozenset[str], ...]] = {
    Portable.FOLLOWS: (
        _ACCOUNT,
        _named("show boosts", "show reblogs"),
        _named("notify on new posts", "notify"),
        _named("languages", "language"),
    ),
    Portable.LISTS: (_named("list name", "list", "list title"), _ACCOUNT),
    Portable.BLOCKS: (_ACCOUNT,),
    Portable.MUTES: (_ACCOUNT, _named("hide notifications")),
    Portable.DOMAIN_BLOCKS: (_named("domain", "server"),),
    Portable.BOOKMARKS: (_named("uri", "url", "bookmark"),),
}
_FIRST = frozenset().union(*(columns[0] for columns in _COLUMNS.values()))
# These tell a file of one kind from that of another, which would do what nobody wants.
_TELLING = {name: kind for kind in (Portable.FOLLOWS, Portable.MUTES) for name in _COLUMNS[kind][1]}


def _table_rows(kind: Portable, data: bytes) -> list[tuple[int, Cells]]:
    """The rows of a table, their cells in our order."""
    rows = tables.read(data, most_rows=MAX_ROWS + 1)
    heading = [_heading(cell) for cell in rows[0][1]] if rows else []
    known = _COLUMNS[kind]
    # A list may be called "List": there both columns must say what they are.
    if not {*heading} & _FIRST or (kind is Portable.LISTS and not {*heading} & _ACCOUNT):
        return [(line, _padded(cells, len(known))) for line, cells in rows[:MAX_ROWS]]
    places = [next((i for i, name in enumerate(heading) if name in names), None) for names in known]
    other = next((kind_of for name in heading if (kind_of := _TELLING.get(name, kind)) is not kind), None)
    if places[0] is None or other is not None:
        problem = "This looks like a file of something else. Please choose what it is."
        raise Invalid(problem, {"kind": problem})
    return [
        (line, tuple("" if place is None or place >= len(cells) else cells[place] for place in places))
        for line, cells in rows[1:]
    ]


def _heading(cell: str) -> str:
    return cell.strip().lstrip("#").strip().casefold().replace("_", " ")


def _padded(cells: Sequence[str], length: int) -> Cells:
    return (*cells, *[""] * length)[:length]


# ── cells ──


def _checked(kind: Portable, cells: Cells) -> Cells:
    """`cells` as we write them; Invalid says what is wrong."""
    if any(len(cell) > _MAX_CELL_CHARS for cell in cells) and kind is not Portable.FILTERS:
        raise Invalid("The line is too long.")
    return tuple(check(cell) for check, cell in zip(_CHECKS[kind], cells, strict=True))


_NAME = re.compile(r"[^@/\s:?#\x00-\x1f\x7f]{1,256}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}", re.ASCII | re.IGNORECASE)
_YES, _NO = _named("true", "t", "yes", "y", "on", "1"), _named("false", "f", "no", "n", "off", "0")


def _address(cell: str) -> str:
    name, _, host = cell.strip().removeprefix("acct:").removeprefix("@").partition("@")
    domain = normal_domain(host) if host else None
    if not _NAME.fullmatch(name) or domain is None:
        raise Invalid("This is no address of an account: name@server is.")
    return f"{name}@{domain}"


def _switch(cell: str) -> str:
    word = cell.strip().casefold()
    if word and word not in _YES | _NO:
        raise Invalid("This is neither true nor false.")
    return ("true" if word in _YES else "false") if word else ""


def _languages(cell: str) -> str:
    codes = cell.replace(",", " ").split()
    if len(codes) > _MAX_LANGUAGES or not all(map(_LANGUAGE.fullmatch, codes)):
        raise Invalid("The languages are not known.")
    return ", ".join(codes)


def _domain(cell: str) -> str:
    domain = normal_domain(cell.strip()) if cell.strip() else None
    if domain is None:
        raise Invalid("This is no name of a server.")
    if site.is_local_domain(domain):
        raise Invalid("This is this server itself.")
    return domain


def _uri(cell: str) -> str:
    uri = cell.strip()
    if not uri.startswith(("https://", "http://")) or not uri.isprintable() or " " in uri:
        raise Invalid("This is no address of a post.")
    return uri


def _title(cell: str) -> str:
    title = " ".join(cell.split())
    if not title or len(title) > lists.MAX_TITLE_CHARS:
        raise Invalid("The list has no name, or one that is too long.")
    return title


# ── filters ──


class FilterWord(msgspec.Struct, frozen=True):
    keyword: str
    whole_word: bool = True


class FilterEntry(msgspec.Struct, frozen=True):
    """A filter as Mastodon writes it."""

    title: str
    context: list[FilterContext]
    action: FilterAction = FilterAction.WARN
    expires_at: str | None = None
    keywords_attributes: list[FilterWord] = []
    statuses: list[str] = []

    @property
    def expires_in(self) -> int | None:
        """Seconds from now, at least one; None for never."""
        at = clock.parse_iso((self.expires_at or "").removesuffix(" UTC"))
        return None if at is None else max((at - clock.now_ms()) // clock.SECOND, 1)


decode_filter = msgspec.json.Decoder(FilterEntry).decode


def _filter_rows(data: bytes) -> list[tuple[int, Cells]]:
    """Filters are counted where lines would be."""
    try:
        document: Any = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Invalid("The file is not what a server writes for filters, which is JSON.") from error
    found = document.get("custom_filters") if isinstance(document, dict) else None
    if not isinstance(found, list) or len(found) > MAX_ROWS:
        raise Invalid("The file is not what a server writes for filters: it has no list of them.")
    return [(number, (msgspec.json.encode(one).decode(),)) for number, one in enumerate(found, 1)]


def _filter(cell: str) -> str:
    try:
        one = decode_filter(cell)
    except msgspec.DecodeError as error:
        raise Invalid("The filter has no title, no context, or something else that is not known.") from error
    too_long = len(one.title) > MAX_TITLE_CHARS or any(
        len(word.keyword) > MAX_KEYWORD_CHARS for word in one.keywords_attributes
    )
    if too_long or len(one.keywords_attributes) > MAX_KEYWORDS or len(one.statuses) > MAX_STATUSES:
        raise Invalid("The filter is too long, or has too many words or posts.")
    if not one.title.strip() or not one.context or any(len(uri) > _MAX_CELL_CHARS for uri in one.statuses):
        raise Invalid("The filter has no title, or no place where it is to be applied.")
    return msgspec.json.encode(one).decode()


_CHECKS: dict[Portable, tuple[Callable[[str], str], ...]] = {
    Portable.FOLLOWS: (_address, _switch, _switch, _languages),
    Portable.LISTS: (_title, _address),
    Portable.BLOCKS: (_address,),
    Portable.MUTES: (_address, _switch),
    Portable.DOMAIN_BLOCKS: (_domain,),
    Portable.BOOKMARKS: (_uri,),
    Portable.FILTERS: (_filter,),
}
KINDS = tuple(_CHECKS)
