"""`/admin/servers/{domain}`: one other server, with all that is known of it."""

from typing import Any

from aiohttp import web

from node import clock, store
from node.errors import NotFound
from node.services.servers import acquaintance
from node.text.domains import normal_domain
from web.pages import answers
from web.pages.admin import desk, entities


async def show(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request)
    domain = normal_domain(request.match_info["domain"])
    if domain is None:
        raise NotFound("Record not found")
    return await desk.show(request, "admin/server.html", **await store.read(_load, domain))


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


ROUTES = [web.get("/admin/servers/{domain}", show)]
