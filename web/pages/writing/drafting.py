"""What the composer's script asks for while somebody writes. Without it, the form does the same in more steps."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import Invalid
from node.models import MediaAttachment
from node.services.community import emoji
from node.services.discovery import search
from node.services.statuses import media
from node.services.statuses.media import StoredMedia
from web import params, responses
from web.entities.media import media_entity
from web.files import uploads
from web.pages import posts
from web.pages.actions import who_acts
from web.pages.answers import reader, require
from web.pages.forms import Form

_SUGGESTIONS = 6


async def upload(request: web.Request) -> web.Response:
    if reader(request) is not None:
        await uploads.expect(request)
    person, form = await who_acts(request)
    files = form.files("file")
    if not files:
        raise Invalid("Choose a file to upload.")

    def record(stored: StoredMedia) -> MediaAttachment:
        return media.create(person.account_id, stored, description=form.text("description"))

    row = await uploads.keep(request, files[0], record)
    return responses.json(media_entity(await uploads.ready(row)))


async def describe(request: web.Request) -> web.Response:
    person, form = await who_acts(request)
    media_id, text = params.an_id(request), form.text("description")
    row = await store.write(media.update, person.account_id, media_id, description=text)
    return responses.json(media_entity(row))


async def suggest(request: web.Request) -> web.Response:
    """For a word that begins like a handle, a hashtag or an emoji of this node: `[{"label", "insert"}]`."""
    person = require(request)
    q = Form(params.query_items(request)).text("q").strip()[:100]
    return responses.json(await store.read(_suggest, person.account_id, q))


def _suggest(account_id: int, q: str) -> list[dict[str, Any]]:
    if q.startswith("#"):
        return [{"label": f"#{tag.name}", "insert": f"#{tag.name}"} for tag in search.tags(q, _SUGGESTIONS)]
    if q.startswith("@"):
        people = posts.people(search.accounts(account_id, q, _SUGGESTIONS))
        return [
            {"label": f"{one['display_name'] or one['username']} @{one['acct']}", "insert": f"@{one['acct']}"}
            for one in people
        ]
    if q.startswith(":"):
        begun = q[1:].casefold()
        found = [one.shortcode for one in emoji.local() if one.shortcode.casefold().startswith(begun)]
        return [{"label": f":{name}:", "insert": f":{name}:"} for name in found[:_SUGGESTIONS]]
    return []


ROUTES = [
    web.post("/compose/media", upload),
    web.post("/compose/media/{id}", describe),
    web.get("/compose/suggest", suggest),
]
