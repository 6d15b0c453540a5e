"""https://docs.joinmastodon.org/methods/admin/domain_allows/: who is spoken with where only few are."""

import msgspec
from aiohttp import web

from node import store
from node.models import Account, AllowedDomain
from node.services.servers import allowed_domains
from web import pagination, params, responses
from web.api.admin import staff
from web.entities.admin import domain_allow_entity
from web.viewer import require_staff

_READ, _WRITE = "admin:read:domain_allows", "admin:write:domain_allows"


class _Domain(msgspec.Struct):
    domain: str = ""


async def show_all(request: web.Request) -> web.Response:
    require_staff(request, _READ)
    page = pagination.page(request, limit=100, most=500)
    rows = await store.read(allowed_domains.page, page)
    return pagination.answer(request, [domain_allow_entity(row) for row in rows], [row.id for row in rows], page)


async def show(request: web.Request) -> web.Response:
    require_staff(request, _READ)
    return responses.json(domain_allow_entity(await store.read(allowed_domains.by_id, params.an_id(request))))


async def create(request: web.Request) -> web.Response:
    viewer = require_staff(request, _WRITE)
    wish = await params.read(request, _Domain)
    return responses.json(domain_allow_entity(await staff.write(viewer, allowed_domains.allow, wish.domain)))


async def delete(request: web.Request) -> web.Response:
    viewer = require_staff(request, _WRITE)
    return responses.json(domain_allow_entity(await staff.write(viewer, _disallow, params.an_id(request))))


def _disallow(row_id: int, by: Account) -> AllowedDomain:
    row = allowed_domains.by_id(row_id)
    allowed_domains.disallow(row.domain, by)
    return row


_PATH = "/api/v1/admin/domain_allows"

ROUTES = [
    web.get(_PATH, show_all),
    web.post(_PATH, create),
    web.get(f"{_PATH}/{{id}}", show),
    web.delete(f"{_PATH}/{{id}}", delete),
]
