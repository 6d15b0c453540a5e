"""https://docs.joinmastodon.org/methods/media/: files, uploaded before the status that they belong to."""

import msgspec
from aiohttp import web

from node import store
from node.errors import Invalid
from node.media.focus import parse_focus
from node.models import MediaAttachment
from node.services.statuses import media
from node.services.statuses.media import StoredMedia
from web import params, responses, route
from web.entities.media import media_entity
from web.files import uploads
from web.inputs import Input, person, takes
from web.keys import STORAGE
from web.params import Upload
from web.viewer import Viewer


class _New(msgspec.Struct):
    file: Upload | None = None
    thumbnail: Upload | None = None
    description: str = ""
    focus: str = ""


class _Change(msgspec.Struct):
    description: str | None = None
    focus: str = ""
    thumbnail: Upload | None = None


async def create(request: web.Request, viewer: Viewer, wish: _New) -> web.Response:
    """Version 1 waits for a film as long as an app does."""
    row = await _create(request, viewer, wish)
    if media.is_in_work(row):
        row = await uploads.ready(row)
    return _answer(row, 202)


async def create_in_time(request: web.Request, viewer: Viewer, wish: _New) -> web.Response:
    """Version 2 answers 202 when there is still something to do; apps ask for the row until that is done."""
    return _answer(await _create(request, viewer, wish), 202)


async def _create(request: web.Request, viewer: Viewer, wish: _New) -> MediaAttachment:
    if wish.file is None:
        raise Invalid("Choose a file to upload.", {"file": "is missing"})
    focus = parse_focus(wish.focus)
    return await uploads.keep(
        request,
        wish.file,
        lambda stored: media.create(viewer.account_id, stored, description=wish.description, focus=focus),
        thumbnail=wish.thumbnail or None,
    )


async def show(request: web.Request, viewer: Viewer) -> web.Response:
    row = await store.point(media.get, viewer.account_id, params.an_id(request))
    return _answer(uploads.checked(row), 206)


def _answer(row: MediaAttachment, status_in_work: int) -> web.Response:
    return responses.json(media_entity(row), status=status_in_work if media.is_in_work(row) else 200)


async def update(request: web.Request, viewer: Viewer, wish: _Change) -> web.Response:
    media_id = params.an_id(request)
    focus = parse_focus(wish.focus)

    def change(thumbnail: StoredMedia | None) -> MediaAttachment:
        return media.update(
            viewer.account_id, media_id, description=wish.description, focus=focus, thumbnail=thumbnail
        )

    thumbnails = {media_id: wish.thumbnail} if wish.thumbnail else {}
    async with uploads.stills(request, viewer.account_id, thumbnails) as stills:
        row = await store.write(change, stills.get(media_id))
    return _answer(row, 206)


async def delete(request: web.Request, viewer: Viewer) -> web.Response:
    row = await store.write(media.delete, viewer.account_id, params.an_id(request))
    await uploads.forget(request.app[STORAGE], *media.keys_of(row))
    return responses.empty()


async def _read(request: web.Request) -> _New:
    await uploads.expect(request)
    return await params.read(request, _New)


_uploaded: Input[_New] = Input(take=_read, is_awaited=True, struct=_New)

ROUTES = [
    route.post("/api/v1/media", create, person("write:media"), _uploaded),
    route.post("/api/v2/media", create_in_time, person("write:media"), _uploaded),
    route.get("/api/v1/media/{id}", show, person("write:media")),
    route.put("/api/v1/media/{id}", update, person("write:media"), takes(_Change)),
    route.delete("/api/v1/media/{id}", delete, person("write:media")),
]
