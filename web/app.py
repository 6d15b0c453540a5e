"""`build_app`: everything that is served over HTTP, in one application."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from aiohttp import web

from federation.routes import ROUTES as FEDERATION_ROUTES
from node import secret
from node.config import Config
from node.media.storage import open_storage
from web import api, arrival, body, families, headers, health, middleware, oauth, pages, streaming
from web.files import media, remote_media
from web.files.remote_files import REMOTE_FILES, RemoteFiles, remote_folder
from web.keys import CONFIG, ERROR_PAGE, PAGE, SECRET, STORAGE
from web.pages import answers
from web.rate_limit import LIMITER, Limiter
from web.route import Route


def build_app(config: Config) -> web.Application:
    """The store is connected and migrated before, and `node.site` is told who we are.

    What talks to other servers is put in by whoever runs the process: `app[FEDERATION]` (federation/context.py).
    """
    app = web.Application(middlewares=[middleware.around], client_max_size=body.MAX_BYTES)
    app[CONFIG] = config
    app[SECRET] = secret.load(config)
    remote_media.use(app[SECRET])
    app[STORAGE] = open_storage(config)
    app[REMOTE_FILES] = RemoteFiles(remote_folder(config))
    app[LIMITER] = Limiter()
    streaming.set_up(app)
    app[PAGE], app[ERROR_PAGE] = answers.page, answers.error_page
    app.on_response_prepare.append(headers.add)
    for resource in _resources():
        app.router.register_resource(resource)
    return app


@cache
def _resources() -> tuple[web.AbstractResource, ...]:
    """Every path and what answers it. Over a thousand routes take long to make, and know nothing of their application."""
    router = web.UrlDispatcher()
    for routes in (
        health.ROUTES,
        arrival.ROUTES,
        FEDERATION_ROUTES,
        _with_slash(oauth.ROUTES),
        _with_slash(api.ROUTES),
        _with_slash(streaming.ROUTES),
        media.ROUTES,
        pages.ROUTES,
    ):
        router.add_routes(routes)
    return tuple(families.gathered(router.resources()))


def _with_slash(routes: Iterable[web.RouteDef | Route]) -> list[web.AbstractRouteDef]:
    """Each with and without a slash at its end: Mastodon answers both, and Mastodon.py asks for `/api/v1/instance/`."""
    plain = list(routes)
    known = {one.path for one in plain}
    slashed = [_at(one, f"{one.path}/") for one in plain]
    return [*plain, *(one for one in slashed if one.path not in known)]


def _at(one: web.RouteDef | Route, path: str) -> web.RouteDef | Route:
    return (
        replace(one, path=path) if isinstance(one, Route) else web.RouteDef(one.method, path, one.handler, one.kwargs)
    )
