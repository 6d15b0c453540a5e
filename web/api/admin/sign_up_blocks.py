"""https://docs.joinmastodon.org/methods/admin/: ip_blocks, email_domain_blocks and canonical_email_blocks."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from node import clock, store
from node.errors import Invalid
from node.models import Account, SignUpBlock, SignUpBlockKind, SignUpSeverity
from node.paging import Page
from node.services.moderation import sign_up_blocks
from web import pagination, params, responses, route
from web.api.admin import staff
from web.client_ip import client_ip
from web.entities.admin import sign_up_block_entity
from web.inputs import moderator, paged, takes
from web.route import Route
from web.viewer import Viewer

Handler = Callable[[web.Request, Viewer], Awaitable[web.Response]]

_PATHS = {
    SignUpBlockKind.NETWORK: "ip_blocks",
    SignUpBlockKind.EMAIL_DOMAIN: "email_domain_blocks",
    SignUpBlockKind.EMAIL: "canonical_email_blocks",
}


class _Network(msgspec.Struct):
    ip: str | None = None
    severity: SignUpSeverity | None = None
    comment: str | None = None
    expires_in: params.Count | None = None  # seconds


class _Domain(msgspec.Struct):
    domain: str = ""


class _Email(msgspec.Struct):
    email: str = ""
    canonical_email_hash: str = ""


def _show_all(kind: SignUpBlockKind) -> Callable[[web.Request, Viewer, Page], Awaitable[web.Response]]:
    async def show_all(request: web.Request, _: Viewer, page: Page) -> web.Response:
        rows = await store.read(sign_up_blocks.page, kind, page)
        return pagination.answer(request, [sign_up_block_entity(row) for row in rows], [row.id for row in rows], page)

    return show_all


def _show(kind: SignUpBlockKind) -> Handler:
    async def show(request: web.Request, _: Viewer) -> web.Response:
        return responses.json(
            sign_up_block_entity(await store.read(sign_up_blocks.by_id, kind, params.an_id(request)))
        )

    return show


def _delete(kind: SignUpBlockKind) -> Handler:
    async def delete(request: web.Request, viewer: Viewer) -> web.Response:
        row = await staff.write(viewer, sign_up_blocks.remove, kind, params.an_id(request))
        return responses.json(sign_up_block_entity(row))

    return delete


async def block_network(request: web.Request, viewer: Viewer, wish: _Network) -> web.Response:
    return responses.json(sign_up_block_entity(await staff.write(viewer, _block_network, wish, client_ip(request))))


async def change_network(request: web.Request, viewer: Viewer, wish: _Network) -> web.Response:
    """What is not sent stays; the network itself is not changed."""
    return responses.json(
        sign_up_block_entity(
            await staff.write(viewer, _change_network, params.an_id(request), wish, client_ip(request))
        )
    )


async def block_domain(request: web.Request, viewer: Viewer, wish: _Domain) -> web.Response:
    return responses.json(sign_up_block_entity(await staff.write(viewer, _block_domain, wish)))


async def block_email(request: web.Request, viewer: Viewer, wish: _Email) -> web.Response:
    return responses.json(sign_up_block_entity(await staff.write(viewer, _block_email, wish)))


async def find_email(request: web.Request, _: Viewer, wish: _Email) -> web.Response:
    """The blocks that this address meets."""
    return responses.json(
        [sign_up_block_entity(row) for row in await store.read(sign_up_blocks.matching, wish.email)]
    )


def _block_network(wish: _Network, ip: str, by: Account) -> SignUpBlock:
    if wish.severity is None:
        raise Invalid("Say what shall hold for this network.", {"severity": "can't be blank"})
    network = sign_up_blocks.network(wish.ip or "")
    sign_up_blocks.check_own(network, wish.severity, ip)
    return sign_up_blocks.add(SignUpBlockKind.NETWORK, network, by, **_terms(wish))


def _change_network(block_id: int, wish: _Network, ip: str, by: Account) -> SignUpBlock:
    sign_up_blocks.check_own(sign_up_blocks.by_id(SignUpBlockKind.NETWORK, block_id).value, wish.severity, ip)
    return sign_up_blocks.change(SignUpBlockKind.NETWORK, block_id, by, **_terms(wish))


def _block_domain(wish: _Domain, by: Account) -> SignUpBlock:
    return sign_up_blocks.add(SignUpBlockKind.EMAIL_DOMAIN, sign_up_blocks.email_domain(wish.domain), by)


def _block_email(wish: _Email, by: Account) -> SignUpBlock:
    if "@" in wish.email:
        value = sign_up_blocks.email_hash(wish.email)
    else:
        value = sign_up_blocks.checked_hash(wish.canonical_email_hash)
    return sign_up_blocks.add(SignUpBlockKind.EMAIL, value, by)


def _terms(wish: _Network) -> dict[str, Any]:
    terms: dict[str, Any] = {"severity": wish.severity, "comment": wish.comment}
    if wish.expires_in is not None:
        # 0 takes an end away.
        terms["expires_at"] = clock.now_ms() + wish.expires_in * clock.SECOND if wish.expires_in else None
    return {name: value for name, value in terms.items() if value is not None or name == "expires_at"}


def _routes() -> list[Route]:
    found = []
    for kind, name in _PATHS.items():
        path = f"/api/v1/admin/{name}"
        read, write = moderator(f"admin:read:{name}"), moderator(f"admin:write:{name}")
        found += [
            route.get(path, _show_all(kind), read, paged(100, 500)),
            route.get(f"{path}/{{id}}", _show(kind), read),
            route.delete(f"{path}/{{id}}", _delete(kind), write),
        ]
    return found


ROUTES = [
    *_routes(),
    route.post("/api/v1/admin/ip_blocks", block_network, moderator("admin:write:ip_blocks"), takes(_Network)),
    route.put("/api/v1/admin/ip_blocks/{id}", change_network, moderator("admin:write:ip_blocks"), takes(_Network)),
    route.post(
        "/api/v1/admin/email_domain_blocks",
        block_domain,
        moderator("admin:write:email_domain_blocks"),
        takes(_Domain),
    ),
    route.post(
        "/api/v1/admin/canonical_email_blocks",
        block_email,
        moderator("admin:write:canonical_email_blocks"),
        takes(_Email),
    ),
    route.post(
        "/api/v1/admin/canonical_email_blocks/test",
        find_email,
        moderator("admin:read:canonical_email_blocks"),
        takes(_Email),
    ),
]
