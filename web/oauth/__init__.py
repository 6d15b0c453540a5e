"""OAuth 2 for apps, as the client API uses it (https://docs.joinmastodon.org/methods/oauth/)."""

from aiohttp import web

from web.oauth import authorize, metadata, token, userinfo

ROUTES: list[web.RouteDef] = [*authorize.ROUTES, *token.ROUTES, *userinfo.ROUTES, *metadata.ROUTES]
