"""Notifications of one kind about one status, taken together (client API v2, `notification_groups`)."""

from collections.abc import Container, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

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

    def add(self, notification: Told) -> None:
        self.count += 1
        self.page_min_id = notification.id
        sender = notification.sender_id
        if len(self.sender_ids) < SAMPLE_SIZE and sender not in self.sender_ids:
            self.sender_ids.append(sender)


def key_of(notification: Told) -> str:
    return _name(_key(notification, GROUPED_KINDS))


def _key(notification: Told, grouped: Container[str]) -> _Key:
    """What the notifications of a group have in common; of one by itself, its id."""
    kind, an_id = notification.kind, notification.id
    if kind not in grouped:
        return ("ungrouped", an_id, None)
    return (kind, notification.status_id or 0, ids.time_of(an_id) // _WINDOW_MS)


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
        _add((row for row in rows if _key(row, allowed) in keys), groups, allowed, page.limit)
        return list(groups.values())

    def walk(part: Page) -> AbstractContextManager[Iterator[Told]]:
        return notifications.walk(account_id, part, types, exclude, sender_id, include_held=include_held)

    # Most pages are full after a few more notifications than groups; only where they are not, the rest is read.
    first = min(page.limit + _SPARE, _SCANNED)
    with walk(replace(page, limit=first)) as some:
        last = _add(some, groups, allowed, page.limit)
    if last is not None and sum(group.count for group in groups.values()) == first < _SCANNED:
        with walk(replace(page, limit=_SCANNED - first, max_id=last.id)) as rest:
            _add(rest, groups, allowed, page.limit)
    return list(groups.values())


def _add(
    rows: Iterable[Told], groups: dict[_Key, NotificationGroup], allowed: frozenset[str], most: int
) -> Told | None:
    """In the order of their newest; the last of `rows`. None if one more than `most` would begin: there it ends."""
    row = group = former = None
    for row in rows:
        key = _key(row, allowed)
        if group is None or key != former:  # of what is told by the hundred, most follows upon its like
            former, group = key, groups.get(key)
            if group is None:
                if len(groups) == most:
                    return None
                group = groups[key] = NotificationGroup(key=_name(key), newest=row, page_max_id=row.id)
        group.add(row)
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
