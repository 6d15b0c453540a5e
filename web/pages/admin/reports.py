"""`/admin/reports`: what people and other servers complain about."""

from typing import Any

import msgspec
from aiohttp import web

from node import store
from node.errors import Invalid, NotFound
from node.models import Report
from node.paging import Page
from node.services.collections import view as collection_view
from node.services.moderation import audit, evidence, report_notes, reports
from node.speech import said
from web import params
from web.entities.collection import collection_entity
from web.pages import answers, decisions, forms, paging, posts
from web.pages.admin import desk, entities

_PAGE = "/admin/reports"
_OTHERS = 10

_VERBS = {
    "assign": (reports.assign, said("You take care of it.")),
    "unassign": (reports.unassign, said("Given back.")),
    "resolve": (reports.resolve, said("Resolved.")),
    "reopen": (reports.reopen, said("Open again.")),
}


async def show_all(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request)
    resolved = ("resolved", "1") in params.query_items(request)
    page = paging.asked(request)
    found = await store.read(_page, page, resolved)
    links = paging.links(request, [int(report["id"]) for report in found], page)
    return await desk.show(request, "admin/reports.html", reports=found, resolved=resolved, **links)


async def show(request: web.Request) -> web.StreamResponse:
    person = answers.require_staff(request)
    context = await store.read(_load, params.an_id(request), person.account_id)
    return await desk.show(request, "admin/report.html", **context)


async def act(request: web.Request) -> web.StreamResponse:
    report_id = params.an_id(request)
    verb, done = _VERBS.get(request.match_info["verb"], (None, ""))
    if verb is None:
        raise NotFound("Record not found")
    return await desk.act(request, f"{_PAGE}/{report_id}", done, verb, report_id)


async def note(request: web.Request) -> web.StreamResponse:
    person, report_id = answers.require_staff(request), params.an_id(request)
    form = await forms.read(request)
    try:
        await desk.write(person, report_notes.add, report_id, form.text("note"))
    except Invalid as refusal:
        context = await store.read(_load, report_id, person.account_id)
        return await desk.again(request, "admin/report.html", refusal, form, **context)
    return answers.done(request, f"{_PAGE}/{report_id}#notes", "The note is kept.")


async def remove_note(request: web.Request) -> web.StreamResponse:
    back = f"{_PAGE}/{params.an_id(request)}"
    return await desk.act(request, back, "The note is removed.", report_notes.remove, params.an_id(request, "note"))


def _page(page: Page, resolved: bool) -> list[dict[str, Any]]:
    return entities.admin_reports(reports.page(page, resolved=resolved))


def _load(report_id: int, reader_id: int) -> dict[str, Any]:
    report = reports.get(report_id)
    (shown,) = entities.admin_reports([report])
    # Evidence is shown to the staff whoever may read it elsewhere; its pictures to who wants to see them.
    statuses = posts.of_ids([int(an_id) for an_id in shown["status_ids"]], reader_id)
    there = {int(status["id"]) for status in statuses}
    seen = evidence.read(report)
    return {
        "report": shown,
        "statuses": [status | {"blurred": ""} for status in statuses],
        "gone": [decisions.seen(one) for one in seen.values() if one.status_id not in there],
        "notes": entities.notes(report_notes.of(report_id)),
        "collections": _collections(report, reader_id),
        "others": entities.admin_reports(_others(report)),
        "log": entities.log_entries(audit.about(f"#{report_id}")),
    }


def _collections(report: Report, reader_id: int) -> list[dict[str, Any]]:
    named = msgspec.json.decode(report.collection_ids, type=list[int])
    return [collection_entity(view) for view in collection_view.by_ids(reader_id, named).values()]


def _others(report: Report) -> list[Report]:
    found = [
        *reports.page(Page(limit=_OTHERS), target_id=report.target_id),
        *reports.page(Page(limit=_OTHERS), resolved=True, target_id=report.target_id),
    ]
    return [other for other in found if other.id != report.id][:_OTHERS]


ROUTES = [
    web.get(_PAGE, show_all),
    web.get(f"{_PAGE}/{{id}}", show),
    web.post(f"{_PAGE}/{{id}}/notes", note),
    web.post(f"{_PAGE}/{{id}}/notes/{{note}}/remove", remove_note),
    web.post(f"{_PAGE}/{{id}}/{{verb}}", act),
]
