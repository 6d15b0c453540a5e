"""`/@{acct}/{id}/embed`: a post inside of pages of other sites, the same for everybody; and how it gets there."""

from typing import Any

import msgspec
from aiohttp import web

from node import store
from node.services.statuses import view as status_view
from web import embedded, head, params
from web.entities.oembed import embed_code
from web.pages import answers, posts, visitors
from web.viewer import viewer

Entity = dict[str, Any]


async def show(request: web.Request) -> web.StreamResponse:
    """Nobody is signed in here, whoever looks: other sites must not learn what somebody has done with a post."""
    status = await store.point(_load, params.an_id(request))
    path = f"/@{status['account']['acct']}/{status['id']}/embed"
    if request.path != path:
        raise web.HTTPFound(path)  # it had another name

    async def load() -> dict[str, Any]:
        return {"status": status}

    version = msgspec.json.encode(status)
    head.of(request).is_framed = True
    return await visitors.show(request, "embed.html", load, version, noindex=True, is_for_all=True)


async def show_code(request: web.Request) -> web.Response:
    """What to copy, and what it will look like: for whoever may read the post."""
    status_id, who = params.an_id(request), viewer(request)
    if who is not None:
        await store.point(status_view.one, who.account_id, status_id)
    status = await store.point(_load, status_id)
    return await answers.show(request, "embed_code.html", status=status, markup=embed_code(status))


def _load(status_id: int) -> Entity:
    embedded.status(status_id)
    return posts.one(None, status_id)


ROUTES = [
    web.get(r"/@{acct}/{id:\d+}/embed", show),
    web.get("/statuses/{id}/embed", show_code),
]
