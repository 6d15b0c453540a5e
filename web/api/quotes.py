"""https://docs.joinmastodon.org/methods/statuses/: quotes of a status, and who may quote it or answer it."""

from aiohttp import web

from node import store
from node.services.approvals import quotes
from node.services.statuses import edits
from web import pagination, params
from web.api import drafts, status_pages
from web.api.status_pages import reader_id
from web.viewer import require


async def page(request: web.Request) -> web.Response:
    viewer_id, page = reader_id(request), pagination.page(request, limit=20, most=40)
    return await status_pages.of_page(
        request, viewer_id, quotes.of_status, viewer_id, params.an_id(request), page=page
    )


async def revoke(request: web.Request) -> web.Response:
    """Answers with the post that quoted."""
    viewer, status_id = require(request, "write:statuses"), params.an_id(request)
    quoting = await store.write(quotes.revoke, viewer.account_id, status_id, params.an_id(request, "quoting"))
    return await status_pages.of_id(viewer.account_id, quoting.id)


async def change_policy(request: web.Request) -> web.Response:
    viewer, status_id = require(request, "write:statuses"), params.an_id(request)
    wish = await params.read(request, drafts.Policies)
    await store.write(edits.change_policy, viewer.account_id, status_id, drafts.choices(wish))
    return await status_pages.of_id(viewer.account_id, status_id)


ROUTES = [
    web.get("/api/v1/statuses/{id}/quotes", page),
    web.post("/api/v1/statuses/{id}/quotes/{quoting}/revoke", revoke),
    web.put("/api/v1/statuses/{id}/interaction_policy", change_policy),
]
