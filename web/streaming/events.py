"""Events for our own pages: over the session, and only ids (web/templates/README.md, "Pieces for the script")."""

from functools import partial

from aiohttp import web

from node.errors import Unauthorized
from web import params
from web.streaming import messages, sse
from web.streaming.topics import open_stream
from web.viewer import as_account, viewer


async def stream(request: web.Request) -> web.StreamResponse:
    person = viewer(request)
    if person is None:
        raise Unauthorized("Please sign in.")
    terms = dict(params.query_items(request))
    reader = await as_account(person, _window(terms))
    heard = await open_stream(reader, terms.get("stream", ""), terms)
    return await sse.respond(
        request, reader, heard, messages.only_id, first=partial(messages.so_far, reader.account_id)
    )


def _window(terms: dict[str, str]) -> int | None:
    """For which account the page was made, from which its browser may have been switched since."""
    text = terms.get("as", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 18 else None


ROUTES = [web.get("/events", stream, allow_head=False)]
