"""Events for our own pages: over the session, and only ids (web/templates/README.md, "Pieces for the script")."""

from aiohttp import web

from node.errors import Unauthorized
from web import params
from web.streaming import messages, sse
from web.streaming.topics import open_stream
from web.viewer import viewer


async def stream(request: web.Request) -> web.StreamResponse:
    reader = viewer(request)
    if reader is None:
        raise Unauthorized("Please sign in.")
    terms = dict(params.query_items(request))
    return await sse.respond(
        request, reader, await open_stream(reader, terms.get("stream", ""), terms), messages.only_id
    )


ROUTES = [web.get("/events", stream, allow_head=False)]
