"""https://docs.joinmastodon.org/methods/directory/"""

import msgspec
from aiohttp import web

from node import store
from node.services.accounts import lists as account_lists
from web import pagination, params
from web.api import account_pages
from web.viewer import optional


class _Choice(msgspec.Struct):
    order: str = "active"
    local: bool = False
    limit: params.Count = 40


async def show(request: web.Request) -> web.Response:
    viewer = optional(request, "read:accounts")
    choice = params.query(request, _Choice)
    ids = await store.read(
        account_lists.directory,
        None if viewer is None else viewer.account_id,
        limit=max(1, min(choice.limit, 80)),
        offset=pagination.offset(request),
        local=choice.local,
        newest=choice.order == "new",
    )
    return await account_pages.of_ids(ids)


ROUTES = [web.get("/api/v1/directory", show)]
