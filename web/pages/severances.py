"""`/severed_relationships`: follows that ended without the reader's doing, where apps lead to; and their lists as files."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import NotFound
from node.paging import Page
from node.services.follows import severances
from node.services.portability import severed
from web import params
from web.entities.severance import severance_entity
from web.pages import answers, paging
from web.pages.settings.portability import send_file

_PAGE = "/severed_relationships"


async def show(request: web.Request) -> web.StreamResponse:
    person, page = answers.require(request), paging.asked(request)
    found = await store.read(_page, person.account_id, page)
    links = paging.links(request, [int(one["id"]) for one in found], page)
    return await answers.show(request, "severances.html", events=found, **links)


async def download(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    event = await store.read(severances.get, person.account_id, params.an_id(request))
    name = params.text(request, "name")
    if name not in severed.FILES or event.purged:
        raise NotFound("Record not found")
    known, is_follower = severed.FILES[name]
    return await send_file(request, name, known, severed.page, event.id, is_follower)


def _page(account_id: int, page: Page) -> list[dict[str, Any]]:
    return [severance_entity(row) for row in severances.of_account(account_id, page)]


ROUTES = [web.get(_PAGE, show), web.get(f"{_PAGE}/{{id}}/{{name}}", download)]
