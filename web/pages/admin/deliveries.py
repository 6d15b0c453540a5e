"""`/admin/deliveries`: the servers that posts go to, and what waits for them."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import NotFound
from node.services.servers import destinations
from node.speech import said
from web import params
from web.pages import answers, paging
from web.pages.admin import desk, entities

_PAGE = "/admin/deliveries"
_SIZE = 50

_VERBS = {
    "retry": (destinations.retry, said("It is tried now.")),
    "pause": (destinations.pause, said("Nothing is delivered there until you resume.")),
    "resume": (destinations.resume, said("Deliveries go on.")),
    "drop": (destinations.drop, said("What waited is dropped.")),
}


async def show(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request)
    servers, total = await store.read(_load, paging.offset(request))
    links = paging.counted_links(request, len(servers), _SIZE)
    return await desk.show(request, "admin/deliveries.html", servers=servers, total=total, **links)


async def ask_to_drop(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request)
    row = await store.read(destinations.get, params.an_id(request))
    return await desk.confirm(
        request,
        title=said("Drop what waits for %(host)s?", host=row.host),
        text="It is never delivered: the people there will not see these posts, edits and deletions.",
        button="Drop",
        back=_PAGE,
    )


async def act(request: web.Request) -> web.StreamResponse:
    verb, done = _VERBS.get(request.match_info["verb"], (None, ""))
    if verb is None:
        raise NotFound("Record not found")
    return await desk.act(request, _PAGE, done, verb, params.an_id(request))


def _load(offset: int) -> tuple[list[dict[str, Any]], int]:
    return entities.servers(destinations.page(_SIZE, offset)), destinations.waiting()


ROUTES = [
    web.get(_PAGE, show),
    web.get(f"{_PAGE}/{{id}}/drop", ask_to_drop),
    web.post(f"{_PAGE}/{{id}}/{{verb}}", act),
]
