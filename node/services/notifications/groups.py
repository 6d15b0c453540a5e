"""Notifications of one kind about one status, taken together (client API v2, `notification_groups`)."""

from collections.abc import Iterable
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


def key_of(notification: Told, grouped: Iterable[str] = GROUPED_KINDS) -> str:
    if notification.kind not in grouped:
        return f"ungrouped-{notification.id}"
    window = ids.time_of(notification.id) // _WINDOW_MS
    return f"{notification.kind}-{notification.status_id or 0}-{window}"


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

    def read(part: Page) -> list[Told]:
        return notifications.page(account_id, part, types, exclude, sender_id, include_held=include_held)

    if page.is_upward:
        # The groups nearest to `min_id` are wanted: count them from below, then show them from above.
        rows = read(replace(page, limit=_SCANNED))
        keys = list(dict.fromkeys(key_of(row, allowed) for row in reversed(rows)))[: page.limit]
        groups: dict[str, NotificationGroup] = {}
        _add((row for row in rows if key_of(row, allowed) in keys), groups, allowed, page.limit)
        return list(groups.values())
    # Most pages are full after a few more notifications than groups; only where they are not, the rest is read.
    groups = {}
    first = min(page.limit + _SPARE, _SCANNED)
    rows = read(replace(page, limit=first))
    if _add(rows, groups, allowed, page.limit) and len(rows) == first < _SCANNED:
        _add(read(replace(page, limit=_SCANNED - first, max_id=rows[-1].id)), groups, allowed, page.limit)
    return list(groups.values())


def _add(rows: Iterable[Told], groups: dict[str, NotificationGroup], allowed: frozenset[str], most: int) -> bool:
    """In the order of their newest. Ends where one more than `most` would begin: False."""
    for row in rows:
        key = key_of(row, allowed)
        group = groups.get(key)
        if group is None:
            if len(groups) == most:
                return False
            group = groups[key] = NotificationGroup(key=key, newest=row, page_max_id=row.id)
        group.add(row)
    return True


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
