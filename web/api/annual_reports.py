"""https://docs.joinmastodon.org/methods/annual_reports/"""

import msgspec
from aiohttp import web

from node import store
from node.models import AnnualReport
from node.services.accounts import annual_reports
from node.services.accounts import view as account_view
from node.services.accounts.view import AccountView
from node.services.statuses import view as status_view
from node.services.statuses.view import StatusView
from web import params, responses, route
from web.api.async_refreshes import refresh_header
from web.entities.account import account_entity
from web.entities.annual_report import annual_report_entity
from web.entities.status import statuses_json
from web.inputs import person
from web.viewer import Viewer


class _Reports(msgspec.Struct):
    reports: list[AnnualReport]
    accounts: list[AccountView]
    statuses: dict[int, StatusView]


async def unread(_: web.Request, viewer: Viewer) -> web.Response:
    return _answer(await store.read(_load, viewer.account_id, None))


async def show(request: web.Request, viewer: Viewer) -> web.Response:
    """Of a year for which none was made there is none: an empty list, so that no app takes the route for missing."""
    return _answer(await store.read(_load, viewer.account_id, _year(request)))


async def state(request: web.Request, viewer: Viewer) -> web.Response:
    found, being_made = await store.read(annual_reports.state, viewer.account_id, _year(request))
    return responses.json({"state": found}, headers=refresh_header(being_made) if being_made else None)


async def generate(request: web.Request, viewer: Viewer) -> web.Response:
    being_made = await store.write(annual_reports.ask, viewer.account_id, _year(request))
    if not being_made:
        return responses.empty()
    return responses.json({}, status=202, headers=refresh_header(being_made))


async def mark_read(request: web.Request, viewer: Viewer) -> web.Response:
    await store.write(annual_reports.mark_read, viewer.account_id, _year(request))
    return responses.empty()


def _year(request: web.Request) -> int:
    return min(params.an_id(request, "year"), 9_999)


def _load(account_id: int, year: int | None) -> _Reports:
    if year is None:
        reports = annual_reports.unread(account_id)
    else:
        report = annual_reports.get(account_id, year)
        reports = [] if report is None or report.made_at is None else [report]
    top = [report.top_status_id for report in reports if report.top_status_id is not None]
    return _Reports(
        reports=reports,
        accounts=account_view.load([account_id]) if reports else [],
        statuses=status_view.by_id(top, account_id),
    )


def _answer(found: _Reports) -> web.Response:
    there = set(found.statuses)
    body = b'{"annual_reports":%b,"accounts":%b,"statuses":%b}' % (
        responses.encode([annual_report_entity(report, there) for report in found.reports]),
        responses.encode(list(map(account_entity, found.accounts))),
        statuses_json(found.statuses.values()),
    )
    return responses.raw_json(body)


_ONE = "/api/v1/annual_reports/{year}"

ROUTES = [
    route.get("/api/v1/annual_reports", unread, person("read:accounts")),
    route.get(_ONE, show, person("read:accounts")),
    route.get(f"{_ONE}/state", state, person("read:accounts")),
    route.post(f"{_ONE}/generate", generate, person("write:accounts")),
    route.post(f"{_ONE}/read", mark_read, person("write:accounts")),
]
