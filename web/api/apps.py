"""https://docs.joinmastodon.org/methods/apps/"""

import msgspec
from aiohttp import web

from node import store
from node.errors import Unauthorized
from node.models import Application
from node.services.access import oauth
from node.services.access.signed_in import Identity
from node.services.notifications import push
from web import responses, route
from web.entities.application import application_entity, credential_application
from web.inputs import any_token, takes
from web.viewer import INVALID_TOKEN


class _App(msgspec.Struct):
    client_name: str = ""
    redirect_uris: list[str] = []
    scopes: str = ""
    website: str = ""


async def create(request: web.Request, wish: _App) -> web.Response:
    """Anybody may register an app; people decide later what they allow it."""
    uris = [uri for entry in wish.redirect_uris for uri in entry.split()]
    app, secret = await store.write(oauth.register_app, wish.client_name, uris, wish.scopes, wish.website)
    return responses.json(credential_application(app, secret, (await store.point(push.key)).public_key))


async def verify_credentials(request: web.Request, identity: Identity) -> web.Response:
    app = await store.point(Application.get_or_none, Application.id == identity.app_id)
    if app is None:
        raise Unauthorized(INVALID_TOKEN)
    return responses.json(application_entity(app, (await store.point(push.key)).public_key))


ROUTES = [
    route.post("/api/v1/apps", create, takes(_App)),
    route.get("/api/v1/apps/verify_credentials", verify_credentials, any_token()),
]
