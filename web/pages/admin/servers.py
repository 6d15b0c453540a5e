"""`/admin/servers`: other servers; `/admin/servers/{domain}`: one of them, with all that is known of it."""

from typing import Any

from aiohttp import web

from node import clock, store
from node.errors import NotFound
from node.services.servers import acquaintance, destinations
from node.text.domains import normal_domain
from web import params
from web.pages import answers, paging
from web.pages.admin import desk, entities
from web.pages.forms import Form

_SIZE = 50


async def show_all(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request)
    words = Form(params.query_items(request)).text("q")[:253].strip().lower()
    servers = await store.read(_found, words, paging.offset(request))
    links = paging.counted_links(request, len(servers), _SIZE)
    return await desk.show(request, "admin/servers.html", servers=servers, q=words, **links)


async def show(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request)
    domain = normal_domain(request.match_info["domain"])
    if domain is None:
        raise NotFound("Record not found")
    return await desk.show(request, "admin/server.html", **await store.read(_load, domain))


def _found(words: str, offset: int) -> list[dict[str, Any]]:
    return entities.servers(destinations.found(words, _SIZE, offset))


def _load(domain: str) -> dict[str, Any]:
    known = acquaintance.of(domain)
    return {
        "domain": known.domain,
        "server": None if known.server is None else entities.servers([known.server])[0],
        "block": None if known.rule is None else entities.block(known.rule),
        "counts_of": {
            "accounts": known.accounts,
            "followed": known.followed,
            "followers": known.followers,
            "reports": known.reports.total,
        },
        "days": [clock.iso(day) for day, _ in known.statuses.by_day],
        "statuses": [number for _, number in known.statuses.by_day],
        "people": [{"acct": share.name.removeprefix("@"), "followers": int(share.value)} for share in known.people],
    }


ROUTES = [web.get("/admin/servers", show_all), web.get("/admin/servers/{domain}", show)]
