"""https://docs.joinmastodon.org/methods/statuses/#translate, and the languages of `/api/v1/instance`."""

import msgspec
from aiohttp import web

from federation.context import FEDERATION
from federation.translation import posts
from web import params, responses, route
from web.entities.translation import translation_entity
from web.inputs import person, takes
from web.viewer import Viewer


class _Wish(msgspec.Struct):
    lang: str = ""


async def translate(request: web.Request, viewer: Viewer, wish: _Wish) -> web.Response:
    """Into `lang`, or the reader's own language."""
    status_id = params.an_id(request)
    language = wish.lang or viewer.user.locale
    translation = await posts.translate(request.app[FEDERATION], viewer.account_id, status_id, language)
    return responses.json(translation_entity(translation))


async def languages(request: web.Request) -> web.Response:
    """From a language to those it can be translated into; from `und` when a post does not say its own."""
    known = await posts.languages(request.app[FEDERATION])
    entity = {source: sorted(targets) for source, targets in sorted(known.items())}
    if entity:
        entity["und"] = sorted({code for targets in known.values() for code in targets})
    return responses.json(entity)


ROUTES = [
    route.post("/api/v1/statuses/{id}/translate", translate, person("read:statuses"), takes(_Wish)),
    route.get("/api/v1/instance/translation_languages", languages),
]
