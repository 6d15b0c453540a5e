"""`/oauth/userinfo`: whom a token speaks for, in OpenID Connect's words."""

from aiohttp import web

from node import site, store
from node.services.accounts import lookup as account_lookup
from node.services.accounts import view as account_view
from web import responses
from web.entities.account import account_entity
from web.viewer import require


async def show(request: web.Request) -> web.Response:
    viewer = require(request, "profile")
    account = await store.point(account_lookup.visible, viewer.account_id, viewer.account_id)
    entity = account_entity(await store.point(account_view.view, account))
    return responses.json(
        {
            "iss": f"{site.base_url}/",
            "sub": account.uri,
            "name": account.display_name,
            "preferred_username": account.username,
            "profile": entity["url"],
            "picture": entity["avatar"],
        }
    )


ROUTES = [
    web.get("/oauth/userinfo", show),
    web.post("/oauth/userinfo", show),
]
