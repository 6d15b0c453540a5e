"""`/settings/hidden`: whom and what somebody does not want to see; and `/settings`, which leads everywhere."""

from typing import Any

from aiohttp import web

from node import store
from node.paging import Page
from node.services.accounts import view as account_view
from node.services.relationships import blocks, mutes
from node.services.relationships import domain_blocks as account_domain_blocks
from web.entities.account import account_entities, muted_account
from web.pages import answers

_SHOWN = 500


async def show(request: web.Request) -> web.StreamResponse:
    person = answers.require(request)
    return await answers.show(request, "settings/hidden.html", **await store.read(_hidden, person.account_id))


async def begin(request: web.Request) -> web.StreamResponse:
    answers.require(request)
    return await answers.show(request, "settings/index.html")


def _hidden(account_id: int) -> dict[str, Any]:
    page = Page(limit=_SHOWN)
    muted = account_view.load([target_id for _, target_id in mutes.page(account_id, page)])
    ends = mutes.ends(account_id, [view.account.id for view in muted])
    blocked = account_view.load([target_id for _, target_id in blocks.page(account_id, page)])
    return {
        "muted": [muted_account(view, ends.get(view.account.id)) for view in muted],
        "blocked": account_entities(blocked),
        "domains": [domain for _, domain in account_domain_blocks.page(account_id, page)],
    }


ROUTES = [web.get("/settings", begin), web.get("/settings/hidden", show)]
