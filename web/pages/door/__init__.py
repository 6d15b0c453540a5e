"""The door: signing up, signing in with what that takes, a forgotten password, and the first administrator."""

from aiohttp import web

from web.pages.door import first_admin, forgotten, sign_in, sign_up

ROUTES: list[web.RouteDef] = [
    *sign_in.ROUTES,
    *sign_up.ROUTES,
    *first_admin.ROUTES,
    *forgotten.ROUTES,
]
