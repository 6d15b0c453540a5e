"""The gallery by itself, without a node: `make gallery`. The browser tests look at it."""

from aiohttp import web

from web import headers
from web.gallery import views
from web.rendering import static

_PORT = 8422


def app() -> web.Application:
    made = web.Application()
    made.add_routes(
        [
            *static.ROUTES,
            web.get("/", views.index),
            web.get("/events", _nothing_new),
            web.get("/sw.js", _no_worker),
            web.get("/{name}", views.show),
            web.get("/gallery/{name}", views.show),
        ]
    )
    made.on_response_prepare.append(headers.add)
    return made


async def _nothing_new(request: web.Request) -> web.Response:
    return web.Response(text="retry: 60000\n\n", content_type="text/event-stream")


async def _no_worker(request: web.Request) -> web.Response:
    return web.Response(text="", content_type="text/javascript")


if __name__ == "__main__":
    web.run_app(app(), host="localhost", port=_PORT)
