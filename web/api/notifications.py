"""https://docs.joinmastodon.org/methods/notifications/: one by one."""

import msgspec
from aiohttp import web

from node import store
from node.errors import NotFound
from node.models import NotificationKind
from node.models.notification import UNUSUAL
from node.paging import Page
from node.services.notifications import telling as notifications
from node.services.notifications import view as notification_view
from node.services.notifications.telling import Told
from node.services.notifications.view import NotificationView
from node.services.timelines import markers
from web import pagination, params, responses, route
from web.entities.notification import notification_json
from web.errors import NOT_FOUND
from web.inputs import asks, paged, person
from web.viewer import Viewer

_MAX = 80
_UNREAD, _MOST_UNREAD = 100, 1_000


class Known(msgspec.Struct):
    """The kinds that the app can show, if it says so: the others come with a sentence."""

    supported_types: list[str] = []


class Choice(Known):
    """Which kinds; the first version says `account_id` for the sender."""

    types: list[str] = []
    exclude_types: list[str] = []
    account_id: params.Id | None = None
    include_filtered: bool = False

    @property
    def unwanted(self) -> list[str]:
        """An app that says what it knows is told the rest in words; but not who smiled."""
        named = {*self.types, *self.supported_types}
        rare = {NotificationKind.EMOJI_REACTION} if self.supported_types else UNUSUAL
        return [*self.exclude_types, *sorted(rare - named)]


async def page(request: web.Request, viewer: Viewer, wish: Choice, page: Page) -> web.Response:
    rows, views = await store.point(_page, viewer.account_id, page, wish)
    body = b"[%b]" % b",".join(notification_json(view, known=wish.supported_types) for view in views)
    return pagination.raw_answer(request, body, [row.id for row in rows], page)


async def show(request: web.Request, viewer: Viewer, wish: Known) -> web.Response:
    view = await store.point(_one, viewer.account_id, params.an_id(request))
    return responses.raw_json(notification_json(view, known=wish.supported_types))


async def clear(request: web.Request, viewer: Viewer) -> web.Response:
    await store.write(notifications.clear, viewer.account_id)
    return responses.empty()


async def dismiss(request: web.Request, viewer: Viewer) -> web.Response:
    await store.write(_dismiss, viewer.account_id, params.an_id(request))
    return responses.empty()


async def unread_count(request: web.Request, viewer: Viewer, choice: Choice, page: Page) -> web.Response:
    limit = page.limit
    return responses.json({"count": await store.point(_unread, viewer.account_id, limit, choice)})


def _page(account_id: int, page: Page, choice: Choice) -> tuple[list[Told], list[NotificationView]]:
    rows = notifications.page(
        account_id, page, choice.types, choice.unwanted, choice.account_id, include_held=choice.include_filtered
    )
    return rows, notification_view.load(account_id, rows)


def _one(account_id: int, notification_id: int) -> NotificationView:
    views = notification_view.load(account_id, [notifications.get(account_id, notification_id)])
    if not views:
        raise NotFound(NOT_FOUND)
    return views[0]


def _dismiss(account_id: int, notification_id: int) -> None:
    notifications.dismiss(account_id, [notifications.get(account_id, notification_id).id])


def _unread(account_id: int, limit: int, choice: Choice) -> int:
    unread = Page(limit=limit, since_id=markers.last_read(account_id, "notifications"))
    return len(notifications.page(account_id, unread, choice.types, choice.unwanted, choice.account_id))


ROUTES = [
    route.get("/api/v1/notifications", page, person("read:notifications"), asks(Choice), paged(40, _MAX)),
    route.get(
        "/api/v1/notifications/unread_count",
        unread_count,
        person("read:notifications"),
        asks(Choice),
        paged(_UNREAD, _MOST_UNREAD),
    ),
    route.post("/api/v1/notifications/clear", clear, person("write:notifications")),
    route.get("/api/v1/notifications/{id}", show, person("read:notifications"), asks(Known)),
    route.post("/api/v1/notifications/{id}/dismiss", dismiss, person("write:notifications")),
]
