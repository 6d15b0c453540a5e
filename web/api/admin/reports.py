"""https://docs.joinmastodon.org/methods/admin/reports/"""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from node import store
from node.models import Account, Report
from node.paging import Page
from node.services.moderation import reports
from web import pagination, params, responses, route
from web.api.admin import staff
from web.entities.admin import report_entities
from web.inputs import asks, moderator, paged, takes
from web.viewer import Viewer

_READ, _WRITE = "admin:read:reports", "admin:write:reports"

Entity = dict[str, Any]


class _Which(msgspec.Struct):
    resolved: bool = False
    account_id: params.Id | None = None
    target_account_id: params.Id | None = None


class _Change(msgspec.Struct):
    category: str | None = None
    rule_ids: list[params.Id] | None = None


async def show_all(request: web.Request, viewer: Viewer, which: _Which, page: Page) -> web.Response:
    rows, entities = await store.read(_find, which, page, viewer.account_id)
    return pagination.answer(request, entities, [row.id for row in rows], page)


async def show(request: web.Request, viewer: Viewer) -> web.Response:
    return responses.json(await store.read(_entity, params.an_id(request), viewer.account_id))


async def update(request: web.Request, viewer: Viewer, wish: _Change) -> web.Response:
    rule_ids = None if wish.rule_ids is None else tuple(wish.rule_ids)
    return responses.json(await staff.write(viewer, _recategorise, params.an_id(request), wish.category, rule_ids))


def _done(verb: Callable[[int, Account], Report]) -> Callable[[web.Request, Viewer], Awaitable[web.Response]]:
    def work(report_id: int, by: Account) -> Entity:
        verb(report_id, by)
        return _entity(report_id, by.id)

    async def handle(request: web.Request, viewer: Viewer) -> web.Response:
        return responses.json(await staff.write(viewer, work, params.an_id(request)))

    return handle


def _recategorise(report_id: int, category: str | None, rule_ids: tuple[int, ...] | None, by: Account) -> Entity:
    reports.recategorise(report_id, category, rule_ids, by)
    return _entity(report_id, by.id)


def _find(which: _Which, page: Page, reader_id: int) -> tuple[list[Report], list[Entity]]:
    rows = reports.page(
        page, resolved=which.resolved, target_id=which.target_account_id, reporter_id=which.account_id
    )
    return rows, report_entities(rows, reader_id)


def _entity(report_id: int, reader_id: int) -> Entity:
    return report_entities([reports.get(report_id)], reader_id)[0]


_PATH = "/api/v1/admin/reports"

ROUTES = [
    route.get(_PATH, show_all, moderator(_READ), asks(_Which), paged(100, 200)),
    route.get(f"{_PATH}/{{id}}", show, moderator(_READ)),
    route.put(f"{_PATH}/{{id}}", update, moderator(_WRITE), takes(_Change)),
    route.post(f"{_PATH}/{{id}}/assign_to_self", _done(reports.assign), moderator(_WRITE)),
    route.post(f"{_PATH}/{{id}}/unassign", _done(reports.unassign), moderator(_WRITE)),
    route.post(f"{_PATH}/{{id}}/resolve", _done(reports.resolve), moderator(_WRITE)),
    route.post(f"{_PATH}/{{id}}/reopen", _done(reports.reopen), moderator(_WRITE)),
]
