"""https://docs.joinmastodon.org/methods/media/: files, uploaded before the status that they belong to."""

import msgspec
from aiohttp import web

from node import store
from node.errors import Invalid
from node.media.focus import parse_focus
from node.models import MediaAttachment
from node.services.statuses import media
from node.services.statuses.media import StoredMedia
from web import params, responses, uploads
from web.entities.media import media_entity
from web.keys import STORAGE
from web.params import Upload
from web.viewer import require


class _New(msgspec.Struct):
    file: Upload | None = None
    thumbnail: Upload | None = None
    description: str = ""
    focus: str = ""


class _Change(msgspec.Struct):
    description: str | None = None
    focus: str = ""
    thumbnail: Upload | None = None


async def create(request: web.Request) -> web.Response:
    """Version 1 waits for a film as long as an app does."""
    row = await _create(request)
    if media.is_in_work(row):
        row = await uploads.ready(row)
    return _answer(row, 202)


async def create_in_time(request: web.Request) -> web.Response:
    """Version 2 answers 202 when there is still something to do; apps ask for the row until that is done."""
    return _answer(await _create(request), 202)


async def _create(request: web.Request) -> MediaAttachment:
    viewer = require(request, "write:media")
    await uploads.expect(request)
    wish = await params.read(request, _New)
    if wish.file is None:
        raise Invalid("Choose a file to upload.", {"file": "is missing"})
    focus = parse_focus(wish.focus)
    return await uploads.keep(
        request,
        wish.file,
        lambda stored: media.create(viewer.account_id, stored, description=wish.description, focus=focus),
        thumbnail=wish.thumbnail or None,
    )


async def show(request: web.Request) -> web.Response:
    viewer = require(request, "write:media")
    row = await store.point(media.get, viewer.account_id, params.an_id(request))
    return _answer(uploads.checked(row), 206)


def _answer(row: MediaAttachment, status_in_work: int) -> web.Response:
    return responses.json(media_entity(row), status=status_in_work if media.is_in_work(row) else 200)


async def update(request: web.Request) -> web.Response:
    viewer, media_id = require(request, "write:media"), params.an_id(request)
    wish = await params.read(request, _Change)
    focus = parse_focus(wish.focus)

    def change(thumbnail: StoredMedia | None) -> MediaAttachment:
        return media.update(
            viewer.account_id, media_id, description=wish.description, focus=focus, thumbnail=thumbnail
        )

    if wish.thumbnail is None:
        row = await store.write(change, None)
    else:
        before = await store.point(media.get, viewer.account_id, media_id)
        row = await uploads.keep_still(request, wish.thumbnail, change)
        await uploads.forget(request.app[STORAGE], before.thumb_key)
    return _answer(row, 206)


async def delete(request: web.Request) -> web.Response:
    viewer = require(request, "write:media")
    row = await store.write(media.delete, viewer.account_id, params.an_id(request))
    await uploads.forget(request.app[STORAGE], *media.keys_of(row))
    return responses.empty()


ROUTES = [
    web.post("/api/v1/media", create),
    web.post("/api/v2/media", create_in_time),
    web.get("/api/v1/media/{id}", show),
    web.put("/api/v1/media/{id}", update),
    web.delete("/api/v1/media/{id}", delete),
]
