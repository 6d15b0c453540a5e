"""`/admin/appeals`: who does not accept what the staff decided."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import NotFound
from node.paging import Page
from node.services.moderation import appeals
from node.speech import said
from web import params
from web.entities.account import account_entity
from web.pages import answers, decisions, paging
from web.pages.admin import desk, entities

_PAGE = "/admin/appeals"
_VERBS = {
    "grant": (appeals.grant, said("Granted. What could be undone has been undone.")),
    "refuse": (appeals.refuse, said("Refused. The decision stays.")),
}


async def show(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request)
    decided = ("decided", "1") in params.query_items(request)
    page = paging.asked(request)
    found = await store.read(_page, page, decided)
    links = paging.links(request, [int(one["appeal"]["id"]) for one in found], page)
    return await desk.show(request, "admin/appeals.html", appeals=found, decided=decided, **links)


async def act(request: web.Request) -> web.StreamResponse:
    verb, done = _VERBS.get(request.match_info["verb"], (None, ""))
    if verb is None:
        raise NotFound("Record not found")
    return await desk.act(request, _PAGE, done, verb, params.an_id(request))


def _page(page: Page, decided: bool) -> list[dict[str, Any]]:
    found = appeals.page(page, decided=decided)
    people = entities.accounts_by_id(
        an_id for one in found for an_id in (one.warning.target_id, one.warning.account_id)
    )
    return [
        decisions.shown(one)
        | {
            "account": account_entity(people[one.warning.target_id]),
            "by": None if (by := people.get(one.warning.account_id or 0)) is None else account_entity(by),
        }
        for one in found
    ]


ROUTES = [web.get(_PAGE, show), web.post(f"{_PAGE}/{{id}}/{{verb}}", act)]
