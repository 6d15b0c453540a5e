"""https://docs.joinmastodon.org/methods/preferences/"""

from aiohttp import web

from node import store
from node.services.access import preferences
from web import responses, route
from web.entities.preferences import preferences_entity
from web.inputs import person
from web.viewer import Viewer


async def show(request: web.Request, viewer: Viewer) -> web.Response:
    return responses.json(preferences_entity(await store.point(preferences.of_id, viewer.user_id)))


ROUTES = [route.get("/api/v1/preferences", show, person("read:accounts"))]
