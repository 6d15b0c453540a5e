"""The list of the samples, and each of them as pages are answered."""

from collections import defaultdict
from dataclasses import replace

from aiohttp import web

from node import speech
from web.gallery.samples import all_pages
from web.rendering.environment import render
from web.rendering.page import Page

SAMPLES = all_pages()


async def index(_: web.Request) -> web.Response:
    """By template; the names say the state: empty, long, hostile, wrong."""
    names = defaultdict(list)
    for name, (template, _page, _context) in SAMPLES.items():
        names[template].append(name)
    rows = "".join(
        f"<li>{template}: {', '.join(f'<a href=gallery/{name}>{name}</a>' for name in sorted(names[template]))}</li>"
        for template in sorted(names)
    )
    return _html(f"<!doctype html><html lang=en><title>Gallery</title><h1>Gallery</h1><ul>{rows}</ul></html>")


async def show(request: web.Request) -> web.Response:
    """In another language by `?in=de`."""
    sample = SAMPLES.get(request.match_info["name"])
    if sample is None:
        raise web.HTTPNotFound
    template, page, context = sample
    language = request.query.get("in", "en")
    speech.speak(language)
    shown: Page = replace(page, locale=language)
    return _html(render(template, shown, **context))


def _html(text: str) -> web.Response:
    return web.Response(text=text, content_type="text/html")
