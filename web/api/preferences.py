"""https://docs.joinmastodon.org/methods/preferences/"""

from aiohttp import web

from node import store
from node.services.access import preferences
from web import responses
from web.entities.preferences import preferences_entity
from web.viewer import require


async def show(request: web.Request) -> web.Response:
    viewer = require(request, "read:accounts")
    return responses.json(preferences_entity(await store.point(preferences.of_id, viewer.user_id)))


ROUTES = [web.get("/api/v1/preferences", show)]
