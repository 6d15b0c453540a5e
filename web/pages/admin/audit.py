"""`/admin/audit`: who decided what."""

from typing import Any

from aiohttp import web

from node import store
from node.paging import Page
from node.services.moderation import audit
from web.pages import answers, paging
from web.pages.admin import desk, entities

_SIZE = 50


async def show(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request)
    page = paging.asked(request, size=_SIZE)
    log = await store.read(_entries, page)
    links = paging.links(request, [int(entry["id"]) for entry in log], page)
    return await desk.show(request, "admin/audit.html", log=log, **links)


def _entries(page: Page) -> list[dict[str, Any]]:
    return entities.log_entries(audit.entries(page))


ROUTES = [web.get("/admin/audit", show)]
