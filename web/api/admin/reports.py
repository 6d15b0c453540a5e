"""https://docs.joinmastodon.org/methods/admin/reports/"""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from node import store
from node.models import Account, Report
from node.paging import Page
from node.services.moderation import reports
from web import pagination, params, responses
from web.api.admin import staff
from web.entities.admin import report_entities
from web.viewer import require_staff

_READ, _WRITE = "admin:read:reports", "admin:write:reports"

Entity = dict[str, Any]


class _Which(msgspec.Struct):
    resolved: bool = False
    account_id: params.Id | None = None
    target_account_id: params.Id | None = None


class _Change(msgspec.Struct):
    category: str | None = None
    rule_ids: list[params.Id] | None = None


async def show_all(request: web.Request) -> web.Response:
    viewer = require_staff(request, _READ)
    page, which = pagination.page(request, limit=100, most=200), params.query(request, _Which)
    rows, entities = await store.read(_find, which, page, viewer.account_id)
    return pagination.answer(request, entities, [row.id for row in rows], page)


async def show(request: web.Request) -> web.Response:
    viewer = require_staff(request, _READ)
    return responses.json(await store.read(_entity, params.an_id(request), viewer.account_id))


async def update(request: web.Request) -> web.Response:
    viewer = require_staff(request, _WRITE)
    wish = await params.read(request, _Change)
    rule_ids = None if wish.rule_ids is None else tuple(wish.rule_ids)
    return responses.json(await staff.write(viewer, _recategorise, params.an_id(request), wish.category, rule_ids))


def _done(verb: Callable[[int, Account], Report]) -> Callable[[web.Request], Awaitable[web.Response]]:
    def work(report_id: int, by: Account) -> Entity:
        verb(report_id, by)
        return _entity(report_id, by.id)

    async def handle(request: web.Request) -> web.Response:
        viewer = require_staff(request, _WRITE)
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
    web.get(_PATH, show_all),
    web.get(f"{_PATH}/{{id}}", show),
    web.put(f"{_PATH}/{{id}}", update),
    web.post(f"{_PATH}/{{id}}/assign_to_self", _done(reports.assign)),
    web.post(f"{_PATH}/{{id}}/unassign", _done(reports.unassign)),
    web.post(f"{_PATH}/{{id}}/resolve", _done(reports.resolve)),
    web.post(f"{_PATH}/{{id}}/reopen", _done(reports.reopen)),
]
