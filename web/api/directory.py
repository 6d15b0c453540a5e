"""https://docs.joinmastodon.org/methods/directory/"""

import msgspec
from aiohttp import web

from node import store
from node.services.accounts import lists as account_lists
from web import params, route
from web.api import account_pages
from web.inputs import asks, counted, reader


class _Choice(msgspec.Struct):
    order: str = "active"
    local: bool = False
    limit: params.Limit = 40


async def show(request: web.Request, viewer_id: int | None, choice: _Choice, offset: int) -> web.Response:
    ids = await store.read(
        account_lists.directory,
        viewer_id,
        limit=max(1, min(choice.limit, 80)),
        offset=offset,
        local=choice.local,
        newest=choice.order == "new",
    )
    return await account_pages.of_ids(ids)


ROUTES = [route.get("/api/v1/directory", show, reader("read:accounts"), asks(_Choice), counted)]
