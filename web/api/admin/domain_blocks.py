"""https://docs.joinmastodon.org/methods/admin/domain_blocks/: what is decided about whole domains."""

import msgspec
from aiohttp import web

from node import store
from node.models import Account, DomainBlock, Severity
from node.services.servers import domain_blocks
from node.services.servers.domain_blocks import Terms
from web import pagination, params, responses
from web.api.admin import staff
from web.entities.admin import domain_block_entity
from web.viewer import require_staff

_READ, _WRITE = "admin:read:domain_blocks", "admin:write:domain_blocks"


class _Change(msgspec.Struct):
    severity: Severity | None = None
    reject_media: bool | None = None
    reject_reports: bool | None = None
    private_comment: str | None = None
    public_comment: str | None = None
    obfuscate: bool | None = None


class _New(_Change):
    domain: str = ""


async def show_all(request: web.Request) -> web.Response:
    require_staff(request, _READ)
    page = pagination.page(request, limit=100, most=500)
    rows = await store.read(domain_blocks.page, page)
    return pagination.answer(request, [domain_block_entity(row) for row in rows], [row.id for row in rows], page)


async def show(request: web.Request) -> web.Response:
    require_staff(request, _READ)
    return responses.json(domain_block_entity(await store.read(domain_blocks.by_id, params.an_id(request))))


async def create(request: web.Request) -> web.Response:
    """A domain that has a rule already gets this one instead."""
    viewer = require_staff(request, _WRITE)
    wish = await params.read(request, _New)
    row = await staff.write(viewer, domain_blocks.block, wish.domain, wish.severity or Severity.SILENCE, _terms(wish))
    return responses.json(domain_block_entity(row))


async def update(request: web.Request) -> web.Response:
    viewer = require_staff(request, _WRITE)
    wish = await params.read(request, _Change)
    return responses.json(domain_block_entity(await staff.write(viewer, _change, params.an_id(request), wish)))


async def delete(request: web.Request) -> web.Response:
    viewer = require_staff(request, _WRITE)
    await staff.write(viewer, _unblock, params.an_id(request))
    return responses.empty()


def _change(block_id: int, wish: _Change, by: Account) -> DomainBlock:
    """What is not sent stays."""
    row = domain_blocks.by_id(block_id)
    severity = Severity(row.severity) if wish.severity is None else wish.severity
    return domain_blocks.block(row.domain, severity, _terms(wish, row), by)


def _unblock(block_id: int, by: Account) -> None:
    domain_blocks.unblock(domain_blocks.by_id(block_id).domain, by)


def _terms(wish: _Change, before: DomainBlock | None = None) -> Terms:
    values = {name: getattr(wish, name) for name in Terms.__dataclass_fields__}
    former = {} if before is None else {name: getattr(before, name) for name in values}
    return Terms(**former | {name: value for name, value in values.items() if value is not None})


_PATH = "/api/v1/admin/domain_blocks"

ROUTES = [
    web.get(_PATH, show_all),
    web.post(_PATH, create),
    web.get(f"{_PATH}/{{id}}", show),
    web.put(f"{_PATH}/{{id}}", update),
    web.delete(f"{_PATH}/{{id}}", delete),
]
