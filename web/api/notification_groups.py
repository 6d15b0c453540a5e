"""https://docs.joinmastodon.org/methods/grouped_notifications/"""

from collections.abc import Collection
from typing import Any

import msgspec
from aiohttp import web

from node import store
from node.errors import NotFound
from node.paging import Page
from node.services.accounts import view as account_view
from node.services.accounts.view import AccountView
from node.services.notifications import groups as notification_groups
from node.services.notifications import view as notification_view
from node.services.notifications.groups import GROUPED_KINDS, NotificationGroup
from node.services.notifications.view import GroupsView
from node.services.timelines import markers
from web import pagination, params, responses, route
from web.api.notifications import Choice, Known
from web.entities.account import account_entities
from web.entities.notification import group_entity, partial_account
from web.entities.status import accounts_json, statuses_json
from web.errors import NOT_FOUND
from web.inputs import asks, paged, person
from web.viewer import Viewer

_MAX = 80
_UNREAD, _MOST_UNREAD = 100, 400


class _Grouping(Choice):
    grouped_types: list[str] | None = None
    expand_accounts: str = "full"


async def page(request: web.Request, viewer: Viewer, wish: _Grouping, page: Page) -> web.Response:
    groups, view = await store.point(_page, viewer.account_id, page, wish)
    partial = wish.expand_accounts == "partial_avatars"
    return responses.raw_json(_results(view, partial, wish.supported_types), headers=_link(request, groups, page))


async def show(request: web.Request, viewer: Viewer, wish: Known) -> web.Response:
    view = await store.point(_one, viewer.account_id, params.text(request, "group_key"))
    return responses.raw_json(_results(view, False, wish.supported_types))


async def accounts(request: web.Request, viewer: Viewer) -> web.Response:
    views = await store.point(_senders, viewer.account_id, params.text(request, "group_key"))
    return responses.json(account_entities(views))


async def dismiss(request: web.Request, viewer: Viewer) -> web.Response:
    await store.write(notification_groups.dismiss, viewer.account_id, params.text(request, "group_key"))
    return responses.empty()


async def unread_count(request: web.Request, viewer: Viewer, wish: _Grouping, page: Page) -> web.Response:
    limit = page.limit
    return responses.json({"count": await store.point(_unread, viewer.account_id, limit, wish)})


def _page(account_id: int, page: Page, wish: _Grouping) -> tuple[list[NotificationGroup], GroupsView]:
    grouped = GROUPED_KINDS if wish.grouped_types is None else wish.grouped_types
    groups = notification_groups.page(
        account_id,
        page,
        wish.types,
        wish.unwanted,
        grouped,
        sender_id=wish.account_id,
        include_held=wish.include_filtered,
    )
    return groups, notification_view.load_groups(account_id, groups)


def _one(account_id: int, key: str) -> GroupsView:
    rows = notification_groups.members(account_id, key)
    if not rows:
        raise NotFound(NOT_FOUND)
    group = NotificationGroup(key=key, newest=rows[0], page_max_id=rows[0].id)
    for row in rows:
        group.add(row.id, row.sender_id)
    view = notification_view.load_groups(account_id, [group])
    if not view.groups:
        raise NotFound(NOT_FOUND)
    return view


def _senders(account_id: int, key: str) -> list[AccountView]:
    rows = notification_groups.members(account_id, key)
    return account_view.load(list(dict.fromkeys(row.sender_id for row in rows)))


def _unread(account_id: int, limit: int, wish: _Grouping) -> int:
    unread = Page(limit=limit, since_id=markers.last_read(account_id, "notifications"))
    grouped = GROUPED_KINDS if wish.grouped_types is None else wish.grouped_types
    return len(notification_groups.page(account_id, unread, wish.types, wish.unwanted, grouped))


def _results(view: GroupsView, partial: bool, known: Collection[str] = ()) -> bytes:
    """GroupedNotificationsResults. With `partial`, whole accounts are told of the first of each group alone."""
    whole = view.accounts
    results: dict[str, Any] = {
        "statuses": msgspec.Raw(statuses_json(view.statuses)),
        "notification_groups": [group_entity(group, known=known) for group in view.groups],
    }
    if partial:
        first = {group.group.sender_ids[0] for group in view.groups}
        results["partial_accounts"] = [partial_account(one.view) for one in whole if one.account.id not in first]
        whole = [one for one in whole if one.account.id in first]
    return responses.encode(results | {"accounts": msgspec.Raw(accounts_json(whole))})


def _link(request: web.Request, groups: list[NotificationGroup], page: Page) -> dict[str, str]:
    """Up from the newest notification of the page, down from the oldest, whichever groups they are in."""
    if not groups:
        return {}
    newest, oldest = groups[0].page_max_id, min(group.page_min_id for group in groups)
    is_full = len(groups) >= page.limit
    return pagination.link(request, [newest] * len(groups) + [oldest] if is_full else [newest], page)


ROUTES = [
    route.get("/api/v2/notifications", page, person("read:notifications"), asks(_Grouping), paged(40, _MAX)),
    route.get(
        "/api/v2/notifications/unread_count",
        unread_count,
        person("read:notifications"),
        asks(_Grouping),
        paged(_UNREAD, _MOST_UNREAD),
    ),
    route.get("/api/v2/notifications/{group_key}", show, person("read:notifications"), asks(Known)),
    route.get("/api/v2/notifications/{group_key}/accounts", accounts, person("read:notifications")),
    route.post("/api/v2/notifications/{group_key}/dismiss", dismiss, person("write:notifications")),
]
