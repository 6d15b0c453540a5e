"""https://docs.joinmastodon.org/methods/admin/domain_allows/: who is spoken with where only few are."""

import msgspec
from aiohttp import web

from node import store
from node.models import Account, AllowedDomain
from node.paging import Page
from node.services.servers import allowed_domains
from web import pagination, params, responses, route
from web.api.admin import staff
from web.entities.admin import domain_allow_entity
from web.inputs import moderator, paged, takes
from web.viewer import Viewer

_READ, _WRITE = "admin:read:domain_allows", "admin:write:domain_allows"


class _Domain(msgspec.Struct):
    domain: str = ""


async def show_all(request: web.Request, _: Viewer, page: Page) -> web.Response:
    rows = await store.read(allowed_domains.page, page)
    return pagination.answer(request, [domain_allow_entity(row) for row in rows], [row.id for row in rows], page)


async def show(request: web.Request, _: Viewer) -> web.Response:
    return responses.json(domain_allow_entity(await store.read(allowed_domains.by_id, params.an_id(request))))


async def create(request: web.Request, viewer: Viewer, wish: _Domain) -> web.Response:
    return responses.json(domain_allow_entity(await staff.write(viewer, allowed_domains.allow, wish.domain)))


async def delete(request: web.Request, viewer: Viewer) -> web.Response:
    return responses.json(domain_allow_entity(await staff.write(viewer, _disallow, params.an_id(request))))


def _disallow(row_id: int, by: Account) -> AllowedDomain:
    row = allowed_domains.by_id(row_id)
    allowed_domains.disallow(row.domain, by)
    return row


_PATH = "/api/v1/admin/domain_allows"

ROUTES = [
    route.get(_PATH, show_all, moderator(_READ), paged(100, 500)),
    route.post(_PATH, create, moderator(_WRITE), takes(_Domain)),
    route.get(f"{_PATH}/{{id}}", show, moderator(_READ)),
    route.delete(f"{_PATH}/{{id}}", delete, moderator(_WRITE)),
]
