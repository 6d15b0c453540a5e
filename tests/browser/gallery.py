"""The gallery by itself, without a node: `make gallery`. The browser tests look at it."""

import asyncio
import re

from aiohttp import web

from tests.browser.chromium import AXE
from web import headers
from web.gallery import views
from web.rendering import static

_PORT = 8422
# About a fourth of a page: what a slow connection brings at once.
_PIECE_BYTES = 5000
_BLOCK = re.compile(rb"\n<(?:article|aside|div|fieldset|footer|form|header|nav|ol|p|section|table|ul)\b|$")
_PAINTED = web.AppKey("painted", asyncio.Event)


def app() -> web.Application:
    made = web.Application()
    made[_PAINTED] = asyncio.Event()
    made.add_routes(
        [
            *static.ROUTES,
            web.get("/", views.index),
            web.get("/events", _nothing_new),
            web.get("/sw.js", _no_worker),
            web.get("/axe.min.js", _axe),
            web.post("/painted", _painted),
            web.get("/{name}", views.show),
            web.get("/gallery/{name}", views.show),
            web.get("/pieces/{name}", _in_pieces),
        ]
    )
    made.on_response_prepare.append(headers.add)
    return made


async def _nothing_new(request: web.Request) -> web.Response:
    return web.Response(text="retry: 60000\n\n", content_type="text/event-stream")


async def _no_worker(request: web.Request) -> web.Response:
    return web.Response(text="", content_type="text/javascript")


async def _axe(_: web.Request) -> web.FileResponse:
    """Kept by browsers together with what they made of it, which takes them longer than to fetch it."""
    return web.FileResponse(AXE, headers={"Cache-Control": "public, max-age=31536000, immutable"})


async def _in_pieces(request: web.Request) -> web.StreamResponse:
    """A page of which each piece is sent when the one before was painted."""
    page = await views.show(request)
    assert isinstance(page.body, bytes)
    painted = request.app[_PAINTED]
    answer = web.StreamResponse(headers={"Content-Type": "text/html; charset=utf-8"})
    await answer.prepare(request)
    *pieces, last = _pieces(page.body)
    for piece in pieces:
        painted.clear()
        await answer.write(piece)
        await painted.wait()
    await answer.write(last)
    return answer


def _pieces(page: bytes) -> list[bytes]:
    """Each ends before a block: what is cut within a line may move by a word, wherever that line stands."""
    ends, begin = [found.start() for found in _BLOCK.finditer(page)], 0
    pieces = []
    while len(page) - begin > _PIECE_BYTES:
        end = max(
            one for one in ends if one <= max(begin + _PIECE_BYTES, min(later for later in ends if later > begin))
        )
        pieces.append(page[begin:end])
        begin = end
    return [*pieces, page[begin:]]


async def _painted(request: web.Request) -> web.Response:
    request.app[_PAINTED].set()
    return web.Response(status=204)


if __name__ == "__main__":
    web.run_app(app(), host="localhost", port=_PORT)
