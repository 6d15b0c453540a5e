"""`/sw.js`, the worker of browsers, and `/offline`, which it shows without a connection (docs/adr/0039-offline.md)."""

import hashlib
import json
from functools import lru_cache

from aiohttp import web

from node.services.community import settings
from web import revalidation
from web.pages import answers
from web.rendering import static

# What every page is made of, besides its stylesheet. A worker keeps these, so there are few.
_PARTS = ("icons.svg", "icon.svg", "begin.js", "app.js")


async def worker(request: web.Request) -> web.Response:
    """A service worker is for what lies below its address, so it stands at the top. Browsers compare it with theirs."""
    body = _worker(settings.current().hue)
    headers = {
        "Content-Type": "text/javascript; charset=utf-8",
        "Cache-Control": "no-cache",
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"',
    }
    if revalidation.holds(request, headers["ETag"]):
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, headers=headers)


async def show(request: web.Request) -> web.Response:
    """The same for everybody: workers ask without cookies and keep it."""
    return await answers.show(request, "offline.html")


@lru_cache(maxsize=8)
def _worker(hue: int) -> bytes:
    """With the addresses of `_PARTS`: another release, or another colour, makes another worker."""
    parts = json.dumps([static.sheet_address("linnet.css", hue), *(static.address(name) for name in _PARTS)])
    rules = static.find("sw.js").body
    version = hashlib.sha256(parts.encode() + rules).hexdigest()[:8]
    return f'const VERSION = "{version}", PARTS = {parts};\n'.encode() + rules


ROUTES = [web.get("/sw.js", worker), web.get("/offline", show)]
