"""https://docs.joinmastodon.org/methods/notifications/#policy, and the requests of people whose doings are held back."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import msgspec
from aiohttp import web

from node import store
from node.errors import NotFound
from node.models import Decision, NotificationPolicy
from node.paging import Page
from node.services.notifications import policy as notification_policy
from node.services.notifications import request_view as notification_request_view
from node.services.notifications import requests as notification_requests
from node.services.notifications.policy import NAMES
from node.services.notifications.request_view import RequestView
from node.services.notifications.requests import Summary
from web import pagination, params, responses, route
from web.entities.notification_policy import OLD_NAMES, old_policy_entity, policy_entity, request_entity
from web.errors import NOT_FOUND
from web.inputs import paged, person, takes
from web.viewer import Viewer

Entity = dict[str, Any]
Handler = Callable[[web.Request, Viewer], Awaitable[web.Response]]
Render = Callable[[NotificationPolicy, Summary], Entity]
Settle = Callable[[int, Iterable[int]], None]

_MAX = 80
_Change = msgspec.defstruct("_Change", [(f"for_{name}", Decision | None, None) for name in NAMES])
_OldChange = msgspec.defstruct("_OldChange", [(f"filter_{name}", bool | None, None) for name in OLD_NAMES])


class _Some(msgspec.Struct):
    id: list[params.Id] = []


# ── the policy ──


def _show(render: Render) -> Handler:
    async def show(request: web.Request, viewer: Viewer) -> web.Response:
        return responses.json(await store.point(_load, viewer.account_id, render))

    return show


async def change(_: web.Request, viewer: Viewer, change: msgspec.Struct) -> web.Response:
    wish = msgspec.structs.asdict(change)
    decisions = {name.removeprefix("for_"): decision for name, decision in wish.items() if decision is not None}
    return await _change(viewer.account_id, decisions, policy_entity)


async def change_old(_: web.Request, viewer: Viewer, change: msgspec.Struct) -> web.Response:
    wish = msgspec.structs.asdict(change)
    decisions = {
        name.removeprefix("filter_"): Decision.FILTER if is_held else Decision.ACCEPT
        for name, is_held in wish.items()
        if is_held is not None
    }
    return await _change(viewer.account_id, decisions, old_policy_entity)


async def _change(account_id: int, decisions: Mapping[str, Decision], render: Render) -> web.Response:
    await store.write(notification_policy.change, account_id, decisions)
    return responses.json(await store.point(_load, account_id, render))


def _load(account_id: int, render: Render) -> Entity:
    return render(notification_policy.of(account_id), notification_requests.summary(account_id))


# ── requests ──


async def requests(request: web.Request, viewer: Viewer, page: Page) -> web.Response:
    views = await store.read(_page, viewer.account_id, page)
    return pagination.answer(request, list(map(request_entity, views)), [view.request.id for view in views], page)


async def show_one(request: web.Request, viewer: Viewer) -> web.Response:
    return responses.json(request_entity(await store.read(_one, viewer.account_id, params.an_id(request))))


async def merged(request: web.Request, _: Viewer) -> web.Response:
    """Whether accepted requests have arrived among the notifications: they do at once."""
    return responses.json({"merged": True})


def _settle_one(settle: Settle) -> Handler:
    async def act(request: web.Request, viewer: Viewer) -> web.Response:
        await store.write(_existing, settle, viewer.account_id, params.an_id(request))
        return responses.empty()

    return act


def _settle_some(settle: Settle) -> Callable[[web.Request, Viewer, _Some], Awaitable[web.Response]]:
    """Of `id[]` those that exist."""

    async def act(request: web.Request, viewer: Viewer, wish: _Some) -> web.Response:
        await store.write(settle, viewer.account_id, wish.id[:_MAX])
        return responses.empty()

    return act


def _page(account_id: int, page: Page) -> list[RequestView]:
    return notification_request_view.load(account_id, notification_requests.page(account_id, page))


def _one(account_id: int, request_id: int) -> RequestView:
    views = notification_request_view.load(account_id, [notification_requests.get(account_id, request_id)])
    if not views:
        raise NotFound(NOT_FOUND)
    return views[0]


def _existing(settle: Settle, account_id: int, request_id: int) -> None:
    settle(account_id, [notification_requests.get(account_id, request_id).id])


_NEW, _OLD, _REQUESTS = (
    "/api/v2/notifications/policy",
    "/api/v1/notifications/policy",
    "/api/v1/notifications/requests",
)
_VERBS: dict[str, Settle] = {"accept": notification_requests.accept, "dismiss": notification_requests.dismiss}

# These stand before `/notifications/{id}`, which would match them.
ROUTES = [
    route.get(_NEW, _show(policy_entity), person("read:notifications")),
    route.patch(_NEW, change, person("write:notifications"), takes(_Change)),
    route.put(_NEW, change, person("write:notifications"), takes(_Change)),
    route.get(_OLD, _show(old_policy_entity), person("read:notifications")),
    route.patch(_OLD, change_old, person("write:notifications"), takes(_OldChange)),
    route.put(_OLD, change_old, person("write:notifications"), takes(_OldChange)),
    route.get(_REQUESTS, requests, person("read:notifications"), paged(40, _MAX)),
    route.get(f"{_REQUESTS}/merged", merged, person("read:notifications")),
    *(
        route.post(f"{_REQUESTS}/{verb}", _settle_some(settle), person("write:notifications"), takes(_Some))
        for verb, settle in _VERBS.items()
    ),
    route.get(f"{_REQUESTS}/{{id}}", show_one, person("read:notifications")),
    *(
        route.post(f"{_REQUESTS}/{{id}}/{verb}", _settle_one(settle), person("write:notifications"))
        for verb, settle in _VERBS.items()
    ),
]
