"""What the staff tells everybody here: it stands above everything until each has read it, or its time is over."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from peewee import fn

from node import clock, streams
from node.errors import Invalid, NotFound
from node.models import Account, Announcement, AnnouncementReaction, AnnouncementRead, Role
from node.models.access import exists
from node.services.community import emoji
from node.services.moderation import audit, roles
from node.speech import said
from node.store import in_ids
from node.text.emoji import one_emoji

TOPIC = "announcements"
MAX_CHARS = 5_000
MAX_CURRENT = 50
MAX_REACTIONS = 8  # different emoji under one announcement, as Mastodon has it
_EXACT = 1 << 53
_NEWEST_FIRST = (Announcement.created_at.desc(), Announcement.id.desc())  # those of older releases have larger ids
UNKNOWN_EMOJI = "This is no emoji that is known here."
MANY_REACTIONS = "There are too many different reactions already. Choose one that is there."


@dataclass(frozen=True, slots=True)
class Reaction:
    name: str
    count: int
    mine: bool


class AnnouncementView(NamedTuple):
    """One of them as somebody here sees it."""

    row: Announcement
    is_read: bool
    reactions: list[Reaction]


# ── for everybody here ─────────────────────────────────────────────────────────────────────────────────────────────


def current(account_id: int, *, unread: bool = False) -> list[AnnouncementView]:
    """Those that hold now, the newest first; with `unread` only what the account has not put away."""
    query = Announcement.select().where(_holds()).order_by(*_NEWEST_FIRST).limit(MAX_CURRENT)
    if unread:
        query = query.where(~_was_read(account_id))
    return _views(account_id, list(query))


def get(account_id: int, announcement_id: int) -> AnnouncementView:
    """NotFound for what is over."""
    row = Announcement.get_or_none(Announcement.id == announcement_id, _holds())
    if row is None:
        raise NotFound("Record not found")
    return _views(account_id, [row])[0]


def dismiss(account_id: int, announcement_id: int) -> None:
    """The account has read it."""
    row = get(account_id, announcement_id).row
    AnnouncementRead.insert(announcement=row.id, account=account_id).on_conflict_ignore().execute()


def react(account_id: int, announcement_id: int, name: str) -> None:
    """Invalid for what is no emoji here, and for one too many. Doing it twice changes nothing."""
    view, chosen = get(account_id, announcement_id), _chosen(name)
    known = {reaction.name for reaction in view.reactions}
    if chosen not in known and len(known) >= MAX_REACTIONS:
        raise Invalid(MANY_REACTIONS)
    row = {"announcement": view.row.id, "account": account_id, "name": chosen, "created_at": clock.now_ms()}
    AnnouncementReaction.insert(row).on_conflict_ignore().execute()
    streams.publish((TOPIC,), "announcement.reaction", view.row.id, chosen)


def unreact(account_id: int, announcement_id: int, name: str) -> None:
    view, chosen = get(account_id, announcement_id), _chosen(name)
    mine = (AnnouncementReaction.announcement == view.row.id) & (AnnouncementReaction.account == account_id)
    if AnnouncementReaction.delete().where(mine, AnnouncementReaction.name == chosen).execute():
        streams.publish((TOPIC,), "announcement.reaction", view.row.id, chosen)


# ── for the staff ──────────────────────────────────────────────────────────────────────────────────────────────────


def all_of_them() -> list[Announcement]:
    """Those that are over, too; the newest first."""
    return list(Announcement.select().order_by(*_NEWEST_FIRST).limit(200))


def publish(text: str, ends_at: int | None, by: Account | None) -> Announcement:
    roles.require(by, Role.ADMIN)
    if Announcement.select().where(_holds()).count() >= MAX_CURRENT:
        raise Invalid(said("There are %(most)s announcements already. Remove one first.", most=MAX_CURRENT))
    now = clock.now_ms()
    text, ends_at = _checked(text), _to_come(ends_at)
    row = Announcement.create(id=_next_id(), text=text, ends_at=ends_at, created_at=now, updated_at=now)
    audit.record(by, "add.announcement", _short(row.text))
    streams.publish((TOPIC,), "announcement", row.id)
    return row


def change(announcement_id: int, text: str, ends_at: int | None, by: Account | None) -> Announcement:
    """Who has read it need not read it again."""
    roles.require(by, Role.ADMIN)
    row = _any(announcement_id)
    end = ends_at if ends_at == row.ends_at else _to_come(ends_at)
    changes = {"text": _checked(text), "ends_at": end, "updated_at": clock.now_ms()}
    Announcement.update(changes).where(Announcement.id == row.id).execute()
    audit.record(by, "change.announcement", _short(text))
    streams.publish((TOPIC,), "announcement", row.id)
    return _any(row.id)


def remove(announcement_id: int, by: Account | None) -> None:
    roles.require(by, Role.ADMIN)
    row = _any(announcement_id)
    Announcement.delete().where(Announcement.id == row.id).execute()
    audit.record(by, "remove.announcement", _short(row.text))
    streams.publish((TOPIC,), "announcement.delete", row.id)


def _next_id() -> int:
    """Milliseconds, which JavaScript counts exactly: some apps make a number of the id in `announcement.delete`."""
    last = Announcement.select(fn.MAX(Announcement.id)).where(Announcement.id < _EXACT).scalar()
    return max(clock.now_ms(), (last or 0) + 1)


def _any(announcement_id: int) -> Announcement:
    row = Announcement.get_or_none(Announcement.id == announcement_id)
    if row is None:
        raise NotFound("Record not found")
    return row


def _holds() -> Any:
    return Announcement.ends_at.is_null() | (Announcement.ends_at > clock.now_ms())


def _was_read(account_id: int) -> Any:
    read = AnnouncementRead.alias()
    return exists(read, read.account == account_id, read.announcement == Announcement.id)


def _views(account_id: int, rows: Sequence[Announcement]) -> list[AnnouncementView]:
    """Two queries for all of them; none for none."""
    if not rows:
        return []
    ids = [row.id for row in rows]
    read = AnnouncementRead.select(AnnouncementRead.announcement).where(
        AnnouncementRead.account == account_id, in_ids(AnnouncementRead.announcement, ids)
    )
    seen = {one.announcement_id for one in read}
    by: defaultdict[int, dict[str, list[int]]] = defaultdict(dict)
    query = AnnouncementReaction.select().where(in_ids(AnnouncementReaction.announcement, ids))
    for one in query.order_by(AnnouncementReaction.id):
        by[one.announcement_id].setdefault(one.name, []).append(one.account_id)
    return [
        AnnouncementView(
            row,
            row.id in seen,
            [Reaction(name, len(people), account_id in people) for name, people in by[row.id].items()],
        )
        for row in rows
    ]


def _chosen(name: str) -> str:
    if (plain := one_emoji(name)) is not None:
        return plain
    custom = name.strip(":")
    if emoji.usable([custom]):
        return custom
    raise Invalid(UNKNOWN_EMOJI, {"name": "is not a recognized emoji"})


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid("An announcement needs a text.", {"text": "An announcement needs a text."})
    if len(text) > MAX_CHARS:
        sentence = f"An announcement can have {MAX_CHARS} characters at most."
        raise Invalid(sentence, {"text": sentence})
    return text


def _to_come(ends_at: int | None) -> int | None:
    if ends_at is not None and ends_at <= clock.now_ms():
        raise Invalid("It would be over already.", {"ends_at": "It would be over already."})
    return ends_at


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 60 else f"{words[:59]}…"
