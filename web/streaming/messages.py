"""What an event says to one reader: JSON, read from the database as that reader; nothing, if it is not theirs to see."""

from collections.abc import Callable

import msgspec

from node.errors import NotFound
from node.models import FilterContext, Role
from node.models.notification import UNUSUAL
from node.paging import Page
from node.services import timelines
from node.services.community import announcements, badges
from node.services.community.announcements import Reaction
from node.services.conversations import rows as conversations
from node.services.conversations import view as conversation_view
from node.services.filters import rules as filter_rules
from node.services.notifications import telling as notifications
from node.services.notifications import view as notification_view
from node.services.statuses import view as status_view
from node.services.timelines import live
from node.streams import Event
from web.entities.announcement import announcement_entity, reaction_entity
from web.entities.conversation import conversation_entity
from web.entities.notification import notification_json
from web.entities.status import status_json
from web.streaming.topics import Stream

_NEWEST = Page(limit=1)
# Both run inside `store.point`.
Render = Callable[[Event, Stream, int | None], bytes | None]


def entity(event: Event, stream: Stream, viewer_id: int | None) -> bytes | None:
    """What the client API's streams carry: whole entities, or the id of what was deleted.

    Here an app cannot say which kinds of notifications it knows, so it hears of those that all know.
    """
    return None if event.detail in UNUSUAL else _entity(event, stream, viewer_id)


def _entity(event: Event, stream: Stream, viewer_id: int | None) -> bytes | None:
    try:
        return _KINDS[event.kind](event, stream, viewer_id) if event.kind in _KINDS else None
    except NotFound:  # it went, or it is not for this reader
        return None


def only_id(event: Event, stream: Stream, viewer_id: int | None) -> bytes | None:
    """For our own pages, which load the rest when somebody wants to see it; with how much waits now, where that changed."""
    if _entity(event, stream, viewer_id) is None or _is_hidden(event, stream, viewer_id):
        return None
    if viewer_id is not None and event.kind.startswith("notification"):
        return b'{"id":"%d","counts":%b}' % (event.id, _counts(viewer_id))
    return b'{"id":"%d"}' % event.id


def so_far(account_id: int) -> bytes:
    """What a page is told first, since nobody may have heard for a while: how much waits, the newest at home."""
    (newest,) = timelines.home(account_id, _NEWEST) or (0,)
    return b'event: counts\ndata: {"counts":%b,"newest":"%d"}\n\n' % (_counts(account_id), newest)


def _counts(account_id: int) -> bytes:
    """The numbers beside the navigation, by the page that tells more. Those of the staff stay as they were."""
    found = badges.of(account_id, Role.USER)
    return _encode(
        {"/notifications": found.notifications + found.follow_requests, "/conversations": found.conversations}
    )


def _is_hidden(event: Event, stream: Stream, viewer_id: int | None) -> bool:
    """Whether the reader's filters hide it on the page that listens; asked of those alone who have some."""
    if viewer_id is None or event.kind not in _WITH_STATUS or not filter_rules.active(viewer_id):
        return False
    status_id: int | None = event.id
    context = FilterContext.HOME if stream.label[0] in ("user", "list") else FilterContext.PUBLIC
    if event.kind == "notification":
        status_id, context = notifications.get(viewer_id, event.id).status_id, FilterContext.NOTIFICATIONS
    elif stream.label[0] == "direct":
        return False
    return status_id is not None and filter_rules.is_hidden(status_view.one(viewer_id, status_id).filtered, context)


def _status(event: Event, stream: Stream, viewer_id: int | None) -> bytes | None:
    if not _is_wanted(event, stream, viewer_id):
        return None
    view = status_view.one(viewer_id, event.id)
    return None if stream.only_media and not view.shown.body.media else status_json(view)


def _is_wanted(event: Event, stream: Stream, viewer_id: int | None) -> bool:
    if stream.list_id is not None:
        return viewer_id is not None and timelines.is_in_list(viewer_id, stream.list_id, event.id)
    return not stream.is_shared or live.is_wanted(viewer_id, event.id)


def _deletion(event: Event, _: Stream, viewer_id: int | None) -> bytes | None:
    if viewer_id is None and event.detail == live.MEMBERS:
        return None
    return b"%d" % event.id


def _notification(event: Event, _: Stream, viewer_id: int | None) -> bytes | None:
    if viewer_id is None:
        return None
    views = notification_view.load(viewer_id, [notifications.get(viewer_id, event.id)])
    return notification_json(views[0]) if views else None


def _conversation(event: Event, _: Stream, viewer_id: int | None) -> bytes | None:
    if viewer_id is None:
        return None
    (view,) = conversation_view.load(viewer_id, [conversations.get(viewer_id, event.id)])
    return _encode(conversation_entity(view))


def _announcement(event: Event, _: Stream, viewer_id: int | None) -> bytes | None:
    return None if viewer_id is None else _encode(announcement_entity(announcements.get(viewer_id, event.id)))


def _announcement_reaction(event: Event, _: Stream, viewer_id: int | None) -> bytes | None:
    """How many there are now, the last one taken back included."""
    if viewer_id is None:
        return None
    found = {one.name: one for one in announcements.get(viewer_id, event.id).reactions}
    reaction = found.get(event.detail, Reaction(event.detail, 0, False))
    return _encode(reaction_entity(reaction) | {"announcement_id": str(event.id)})


def _filters_changed(event: Event, _: Stream, viewer_id: int | None) -> bytes | None:
    """The app asks for its filters again; an event without data would reach no browser."""
    return b"1"


def _merged(event: Event, _: Stream, viewer_id: int | None) -> bytes | None:
    """Notifications that were held back stand among the others now."""
    return b"1"


_encode = msgspec.json.Encoder().encode
_WITH_STATUS = ("update", "status.update", "notification")
_KINDS: dict[str, Callable[[Event, Stream, int | None], bytes | None]] = {
    "update": _status,
    "status.update": _status,
    "delete": _deletion,
    "notification": _notification,
    "notifications_merged": _merged,
    "filters_changed": _filters_changed,
    "conversation": _conversation,
    "announcement": _announcement,
    "announcement.reaction": _announcement_reaction,
    "announcement.delete": _deletion,
}
