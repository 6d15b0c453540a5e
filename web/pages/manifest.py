"""`/manifest.webmanifest`, what a telephone asks for that installs the pages as an app; and `/favicon.ico`.

W3C, "Web Application Manifest", and "Web Share Target API".
"""

from typing import Any

from aiohttp import web

from node import speech
from node.services.community import pictures, settings
from node.speech import say
from web import responses
from web.entities.instance import icons
from web.pages import answers
from web.rendering import static
from web.rendering.environment import direction
from web.rendering.page import media_path

_MAX_SHORT = 30
_HEADERS = {
    "Content-Type": "application/manifest+json",
    "Cache-Control": "public, max-age=3600",
    "Vary": "Accept-Language",
}
_PAPER, _SHEET = "#f7f3ed", "#fffdf9"  # --bg and --surface of the light theme


async def show(request: web.Request) -> web.Response:
    """The same for everybody who reads this language: browsers ask without cookies."""
    return responses.json(_manifest(), headers=_HEADERS)


def _manifest() -> dict[str, Any]:
    now = settings.current()
    return {
        "id": answers.HOME,
        "name": now.title,
        "short_name": now.title[:_MAX_SHORT],
        "description": now.short_description,
        "lang": speech.spoken(),
        "dir": direction(speech.spoken()),
        "start_url": answers.HOME,
        "scope": "/",
        "display": "standalone",
        "background_color": _PAPER,
        "theme_color": _SHEET,
        "icons": [
            {"src": one["src"], "sizes": one["size"], "type": "image/png"} for one in icons(pictures.current())
        ],
        "shortcuts": [
            {"name": say("Write a post"), "url": "/compose"},
            {"name": say("Notifications"), "url": "/notifications"},
        ],
        # What other apps give away to be posted; nothing is posted before somebody says so.
        "share_target": {
            "action": "/share",
            "method": "GET",
            "params": {"title": "title", "text": "text", "url": "url"},
        },
    }


async def favicon(request: web.Request) -> web.Response:
    """Browsers ask for it without having been told to."""
    raise web.HTTPFound(media_path(pictures.current().small_icon) or static.address("icon-192.png"))


ROUTES = [web.get("/manifest.webmanifest", show), web.get("/favicon.ico", favicon)]
