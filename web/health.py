"""Whether the node works, for whoever watches it: `/health/live`, `/health/ready`, `/metrics`."""

from aiohttp import web

from node import passwords, store
from node.errors import NodeError, NotFound
from node.models import Setting
from web import metrics
from web.keys import CONFIG
from web.viewer import bearer


async def live(_: web.Request) -> web.Response:
    """The process answers."""
    return web.Response(text="OK")


async def ready(_: web.Request) -> web.Response:
    """It can do its work: the database answers."""
    try:
        await store.read(lambda: Setting.select(Setting.id).limit(1).first())
    except NodeError as error:
        return web.Response(text=str(error), status=503)
    return web.Response(text="OK")


async def figures(request: web.Request) -> web.Response:
    """To holders of the token; without one configured, `metrics_app` serves them on an address of its own."""
    token = request.app[CONFIG].metrics_token
    if not token or not passwords.same(bearer(request) or "", token):
        raise NotFound("There is no such page.")
    return await _figures(request)


async def _figures(_: web.Request) -> web.Response:
    return web.Response(body=await metrics.text(), headers={"Content-Type": metrics.CONTENT_TYPE})


def metrics_app() -> web.Application:
    """For a second listener, which only those who watch can reach."""
    app = web.Application()
    app.add_routes([web.get("/metrics", _figures), web.get("/health/live", live), web.get("/health/ready", ready)])
    return app


ROUTES = [
    web.get("/health", live),
    web.get("/health/live", live),
    web.get("/health/ready", ready),
    web.get("/metrics", figures),
]
