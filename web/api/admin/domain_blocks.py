"""https://docs.joinmastodon.org/methods/admin/domain_blocks/: what is decided about whole domains."""

import msgspec
from aiohttp import web

from node import store
from node.models import Account, DomainBlock, Severity
from node.paging import Page
from node.services.servers import domain_blocks
from node.services.servers.domain_blocks import Terms
from web import pagination, params, responses, route
from web.api.admin import staff
from web.entities.admin import domain_block_entity
from web.inputs import moderator, paged, takes
from web.viewer import Viewer

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


async def show_all(request: web.Request, _: Viewer, page: Page) -> web.Response:
    rows = await store.read(domain_blocks.page, page)
    return pagination.answer(request, [domain_block_entity(row) for row in rows], [row.id for row in rows], page)


async def show(request: web.Request, _: Viewer) -> web.Response:
    return responses.json(domain_block_entity(await store.read(domain_blocks.by_id, params.an_id(request))))


async def create(request: web.Request, viewer: Viewer, wish: _New) -> web.Response:
    """A domain that has a rule keeps it: apps show it, and ask whether to change it."""
    row, is_new = await staff.write(viewer, _create, wish)
    entity = domain_block_entity(row)
    if is_new:
        return responses.json(entity)
    refusal = {"error": f"There is a rule for {row.domain} already.", "existing_domain_block": entity}
    return responses.json(refusal, status=422)


async def update(request: web.Request, viewer: Viewer, wish: _Change) -> web.Response:
    return responses.json(domain_block_entity(await staff.write(viewer, _change, params.an_id(request), wish)))


async def delete(request: web.Request, viewer: Viewer) -> web.Response:
    await staff.write(viewer, _unblock, params.an_id(request))
    return responses.empty()


def _create(wish: _New, by: Account) -> tuple[DomainBlock, bool]:
    former = domain_blocks.known(wish.domain)
    if former is not None:
        return former, False
    return domain_blocks.block(wish.domain, wish.severity or Severity.SILENCE, _terms(wish), by), True


def _change(block_id: int, wish: _Change, by: Account) -> DomainBlock:
    """What is not sent stays."""
    row = domain_blocks.by_id(block_id)
    severity = Severity(row.severity) if wish.severity is None else wish.severity
    return domain_blocks.block(row.domain, severity, _terms(wish, row), by)


def _unblock(block_id: int, by: Account) -> None:
    domain_blocks.unblock(domain_blocks.by_id(block_id).domain, by)


def _terms(wish: _Change, before: DomainBlock | None = None) -> Terms:
    # When a rule ends is ours alone: an app leaves it as it is.
    values = {name: getattr(wish, name, None) for name in Terms.__dataclass_fields__}
    former = {} if before is None else {name: getattr(before, name) for name in values}
    return Terms(**former | {name: value for name, value in values.items() if value is not None})


_PATH = "/api/v1/admin/domain_blocks"

ROUTES = [
    route.get(_PATH, show_all, moderator(_READ), paged(100, 500)),
    route.post(_PATH, create, moderator(_WRITE), takes(_New)),
    route.get(f"{_PATH}/{{id}}", show, moderator(_READ)),
    route.put(f"{_PATH}/{{id}}", update, moderator(_WRITE), takes(_Change)),
    route.delete(f"{_PATH}/{{id}}", delete, moderator(_WRITE)),
]
