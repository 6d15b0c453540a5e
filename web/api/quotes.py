"""https://docs.joinmastodon.org/methods/statuses/: quotes of a status, and who may quote it or answer it."""

from aiohttp import web

from node import store
from node.paging import Page
from node.services.approvals import quotes
from node.services.statuses import edits
from web import params, route
from web.api import drafts, status_pages
from web.inputs import paged, person, reader, takes
from web.viewer import Viewer


async def page(request: web.Request, viewer_id: int | None, page: Page) -> web.Response:
    return await status_pages.of_page(
        request, viewer_id, quotes.of_status, viewer_id, params.an_id(request), page=page
    )


async def revoke(request: web.Request, viewer: Viewer) -> web.Response:
    """Answers with the post that quoted."""
    status_id = params.an_id(request)
    quoting = await store.write(quotes.revoke, viewer.account_id, status_id, params.an_id(request, "quoting"))
    return await status_pages.of_id(viewer.account_id, quoting.id)


async def change_policy(request: web.Request, viewer: Viewer, wish: drafts.Policies) -> web.Response:
    status_id = params.an_id(request)
    await store.write(edits.change_policy, viewer.account_id, status_id, drafts.choices(wish))
    return await status_pages.of_id(viewer.account_id, status_id)


ROUTES = [
    route.get("/api/v1/statuses/{id}/quotes", page, reader("read:statuses"), paged(20, 40)),
    route.post("/api/v1/statuses/{id}/quotes/{quoting}/revoke", revoke, person("write:statuses")),
    route.put(
        "/api/v1/statuses/{id}/interaction_policy", change_policy, person("write:statuses"), takes(drafts.Policies)
    ),
]
