"""Styles that the staff wrote: a file of our own, because pages may hold none (docs/threat-model.md).

What it names of other sites, the content policy refuses to load. Pages of the staff and those for signing in leave it
out, so that a mistake in it locks nobody out.
"""

import hashlib
from functools import lru_cache

from aiohttp import web

from node.errors import NotFound
from node.services.community import settings

_PATH = "/custom.css"
_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_AN_HOUR = "public, max-age=3600"


def address(text: str) -> str:
    """Changes with what is in it; empty where nobody wrote any."""
    return f"{_PATH}?v={_version(text)}" if text else ""


async def serve(request: web.Request) -> web.Response:
    text = settings.current().custom_css
    if not text:
        raise NotFound("There is no such file.")
    is_current = request.rel_url.raw_query_string == f"v={_version(text)}"
    headers = {"Content-Type": "text/css; charset=utf-8", "Cache-Control": _FOR_EVER if is_current else _FOR_AN_HOUR}
    response = web.Response(body=text.encode("utf-8", "replace"), headers=headers)
    response.enable_compression()
    return response


@lru_cache(maxsize=4)
def _version(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]


ROUTES = [web.get(_PATH, serve)]
