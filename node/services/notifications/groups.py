"""Notifications of one kind about one status, taken together (client API v2, `notification_groups`)."""

from collections.abc import Container, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any

from msgspec.structs import astuple

from node import clock, ids
from node.models import NotificationKind
from node.paging import LARGEST_ID, Page
from node.services.notifications import telling as notifications
from node.services.notifications.telling import Told

GROUPED_KINDS = frozenset(
    {
        NotificationKind.FAVOURITE,
        NotificationKind.EMOJI_REACTION,
        NotificationKind.REBLOG,
        NotificationKind.FOLLOW,
        NotificationKind.SIGN_UP,
    }
)
SAMPLE_SIZE = 8
_Key = tuple[str, int, int | None]
_Row = tuple[Any, ...]
_ID, _SENDER, _KIND, _STATUS = map(Told.__struct_fields__.index, ("id", "sender_id", "kind", "status_id"))
_SCANNED = 400  # what one page of groups is made of, at most
_SPARE = 20
# A favourite a week later is news again, so a group ends with its half day.
_WINDOW_MS = 12 * clock.HOUR


@dataclass(kw_only=True, slots=True)
class NotificationGroup:
    """`newest` speaks for the group; ids are of notifications."""

    key: str
    newest: Told
    count: int = 0
    page_min_id: int = 0
    page_max_id: int = 0
    sender_ids: list[int] = field(default_factory=list)  # newest first, each once, at most `SAMPLE_SIZE`

    def add(self, notification_id: int, sender_id: int) -> None:
        self.count += 1
        self.page_min_id = notification_id
        senders = self.sender_ids
        if len(senders) < SAMPLE_SIZE and sender_id not in senders:
            senders.append(sender_id)


def key_of(notification: Told) -> str:
    return _name(_key(notification, GROUPED_KINDS))


def _key(notification: Told, grouped: Container[str]) -> _Key:
    """What the notifications of a group have in common; of one by itself, its id."""
    kind, an_id = notification.kind, notification.id
    if kind not in grouped:
        return ("ungrouped", an_id, None)
    return (kind, notification.status_id or 0, ids.time_of(an_id) // _WINDOW_MS)


def _start(key: _Key) -> int:
    """The lowest id that a notification of this key can have."""
    _, number, window = key
    return number if window is None else ids.first_id_at(window * _WINDOW_MS)


def _name(key: _Key) -> str:
    kind, number, window = key
    return f"{kind}-{number}" if window is None else f"{kind}-{number}-{window}"


def page(
    account_id: int,
    page: Page,
    types: Iterable[str] = (),
    exclude: Iterable[str] = (),
    grouped: Iterable[str] = GROUPED_KINDS,
    *,
    sender_id: int | None = None,
    include_held: bool = False,
) -> list[NotificationGroup]:
    """Up to `page.limit` groups, newest first."""
    allowed = GROUPED_KINDS & frozenset(grouped)

    groups: dict[_Key, NotificationGroup] = {}
    if page.is_upward:
        # The groups nearest to `min_id` are wanted: count them from below, then show them from above.
        upward = replace(page, limit=_SCANNED)
        rows = notifications.page(account_id, upward, types, exclude, sender_id, include_held=include_held)
        keys = set(list(dict.fromkeys(_key(row, allowed) for row in reversed(rows)))[: page.limit])
        _add((astuple(row) for row in rows if _key(row, allowed) in keys), groups, allowed, page.limit)
        return list(groups.values())

    def walk(part: Page) -> AbstractContextManager[Iterator[_Row]]:
        return notifications.walk(account_id, part, types, exclude, sender_id, include_held=include_held)

    # Most pages are full after a few more notifications than groups; only where they are not, the rest is read.
    first = min(page.limit + _SPARE, _SCANNED)
    with walk(replace(page, limit=first)) as some:
        last = _add(some, groups, allowed, page.limit)
    if last is not None and sum(group.count for group in groups.values()) == first < _SCANNED:
        with walk(replace(page, limit=_SCANNED - first, max_id=last[_ID])) as rest:
            _add(rest, groups, allowed, page.limit)
    return list(groups.values())


def _add(
    rows: Iterable[_Row], groups: dict[_Key, NotificationGroup], allowed: frozenset[str], most: int
) -> _Row | None:
    """In the order of their newest; the last of `rows`. None if one more than `most` would begin: there it ends."""
    row = group = kind = status_id = None
    start = 0
    for row in rows:
        # Of what is told by the hundred, most follows upon its like, and needs no key to be put to it.
        if group is None or row[_ID] < start or row[_KIND] != kind or row[_STATUS] != status_id:
            told = Told(*row)
            key, kind, status_id = _key(told, allowed), told.kind, told.status_id
            start = _start(key)
            group = groups.get(key)
            if group is None:
                if len(groups) == most:
                    return None
                group = groups[key] = NotificationGroup(key=_name(key), newest=told, page_max_id=told.id)
        group.add(row[_ID], row[_SENDER])
    return row


def members(account_id: int, key: str) -> list[Told]:
    """The notifications of one group, newest first; empty for a key that names nothing."""
    kind, _, rest = key.partition("-")
    number, _, window = rest.partition("-")
    if not number.isdecimal() or len(number) > 19 or int(number) >= LARGEST_ID:
        return []
    if kind == "ungrouped" and not window:
        one = Page(limit=1, max_id=int(number) + 1, since_id=int(number) - 1)
        return notifications.page(account_id, one)
    if kind not in GROUPED_KINDS or not window.isdecimal() or len(window) > 9:
        return []
    start = int(window) * _WINDOW_MS
    within = Page(
        limit=_SCANNED,
        max_id=min(ids.first_id_at(start + _WINDOW_MS), LARGEST_ID),
        since_id=ids.first_id_at(start) - 1,
    )
    rows = notifications.page(account_id, within, [kind]) if within.since_id < within.max_id else []
    return [row for row in rows if (row.status_id or 0) == int(number)]


def dismiss(account_id: int, key: str) -> None:
    notifications.dismiss(account_id, [row.id for row in members(account_id, key)])
