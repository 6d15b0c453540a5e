"""Every template in every state, served as pages are: `make gallery`. The browser tests look at the same."""

from dataclasses import replace

from aiohttp import web

from node import speech
from tests.web.pages.samples import all_pages
from web import headers
from web.rendering import static
from web.rendering.environment import render

SAMPLES = all_pages()
_PORT = 8422


def app() -> web.Application:
    made = web.Application()
    made.add_routes(
        [
            *static.ROUTES,
            web.get("/", _list),
            web.get("/events", _nothing_new),
            web.get("/sw.js", _no_worker),
            web.get("/{name}", _show),
        ]
    )
    made.on_response_prepare.append(headers.add)
    return made


async def _list(request: web.Request) -> web.Response:
    links = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in sorted(SAMPLES))
    return web.Response(text=f"<!doctype html><title>Gallery</title><ul>{links}</ul>", content_type="text/html")


async def _show(request: web.Request) -> web.Response:
    """In another language by `?in=de`."""
    sample = SAMPLES.get(request.match_info["name"])
    if sample is None:
        raise web.HTTPNotFound
    template, page, context = sample
    language = request.query.get("in", "en")
    speech.speak(language)
    shown = render(template, replace(page, locale=language), **context)
    return web.Response(text=shown, content_type="text/html")


async def _nothing_new(request: web.Request) -> web.Response:
    return web.Response(text="retry: 60000\n\n", content_type="text/event-stream")


async def _no_worker(request: web.Request) -> web.Response:
    return web.Response(text="", content_type="text/javascript")


if __name__ == "__main__":
    web.run_app(app(), host="localhost", port=_PORT)
