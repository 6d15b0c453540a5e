"""https://docs.joinmastodon.org/methods/reports/"""

import msgspec
from aiohttp import web

from node import store
from node.models import Report
from node.services.accounts import lookup as account_lookup
from node.services.accounts import view as account_view
from node.services.moderation import reports
from node.services.moderation.reports import Complaint
from web import params, responses, route
from web.entities.report import report_entity
from web.inputs import person, takes
from web.viewer import Viewer


class _Report(msgspec.Struct):
    account_id: params.Id
    status_ids: list[params.Id] = []
    comment: str = ""
    forward: bool = False
    category: str = "other"
    rule_ids: list[params.Id] = []
    collection_ids: list[params.Id] = []


async def file(request: web.Request, viewer: Viewer, wish: _Report) -> web.Response:
    complaint = Complaint(
        target_id=wish.account_id,
        status_ids=tuple(wish.status_ids),
        comment=wish.comment,
        category=wish.category,
        rule_ids=tuple(wish.rule_ids),
        collection_ids=tuple(wish.collection_ids),
        forward=wish.forward,
    )
    report, target = await store.write(_file, viewer.account_id, complaint)
    return responses.json(report_entity(report, target))


def _file(account_id: int, complaint: Complaint) -> tuple[Report, account_view.AccountView]:
    report = reports.file(account_id, complaint)
    return report, account_view.view(account_lookup.visible(account_id, complaint.target_id))


ROUTES = [route.post("/api/v1/reports", file, person("write:reports"), takes(_Report))]
