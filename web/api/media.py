"""https://docs.joinmastodon.org/methods/media/: pictures, uploaded before the status that they belong to."""

import asyncio
from collections.abc import Callable

import msgspec
from aiohttp import web

from node import store
from node.errors import Invalid
from node.media.focus import parse_focus
from node.media.images import process_image
from node.media.probe import Limits
from node.media.storage import Storage, new_key
from node.models import MediaAttachment
from node.services import media, settings
from node.services.media import StoredMedia
from web import params, responses
from web.entities.media import media_entity
from web.keys import STORAGE
from web.params import Upload
from web.viewer import require

_FOLDER = "media"


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
    viewer = require(request, "write:media")
    wish = await params.read(request, _New)
    if wish.file is None:
        raise Invalid("Choose a picture to upload.", {"file": "is missing"})
    focus = parse_focus(wish.focus)
    row = await keep(
        request.app[STORAGE],
        wish.file.data,
        lambda stored: media.create(viewer.account_id, stored, description=wish.description, focus=focus),
    )
    return responses.json(media_entity(row))


async def show(request: web.Request) -> web.Response:
    viewer = require(request, "write:media")
    return responses.json(media_entity(await store.point(media.get, viewer.account_id, params.an_id(request))))


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
        row = await keep(request.app[STORAGE], wish.thumbnail.data, change)
        await _forget(request.app[STORAGE], before.thumb_key)
    return responses.json(media_entity(row))


async def delete(request: web.Request) -> web.Response:
    viewer = require(request, "write:media")
    row = await store.write(media.delete, viewer.account_id, params.an_id(request))
    await _forget(request.app[STORAGE], row.file_key, row.thumb_key)
    return responses.empty()


async def keep(storage: Storage, data: bytes, record: Callable[[StoredMedia], MediaAttachment]) -> MediaAttachment:
    """Process a picture, store its files and `record` them; nothing stays behind if that is refused."""
    limits = Limits(max_bytes=(await store.point(settings.current)).max_image_bytes)
    stored = await asyncio.to_thread(_store, storage, data, limits)
    try:
        return await store.write(record, stored)
    except Exception:
        await _forget(storage, stored.file_key, stored.thumb_key)
        raise


async def _forget(storage: Storage, *keys: str) -> None:
    await asyncio.to_thread(storage.delete, *[key for key in keys if key])


def _store(storage: Storage, data: bytes, limits: Limits) -> StoredMedia:
    image = process_image(data, limits)
    file_key, thumb_key = new_key(_FOLDER, image.mime), new_key(_FOLDER, image.thumb_mime)
    storage.put(file_key, image.original)
    storage.put(thumb_key, image.thumb)
    return StoredMedia(
        kind="image",
        mime=image.mime,
        file_key=file_key,
        thumb_key=thumb_key,
        width=image.width,
        height=image.height,
        thumb_width=image.thumb_width,
        thumb_height=image.thumb_height,
        blurhash=image.blurhash,
        size_bytes=len(image.original) + len(image.thumb),
    )


ROUTES = [
    web.post("/api/v1/media", create),
    web.post("/api/v2/media", create),
    web.get("/api/v1/media/{id}", show),
    web.put("/api/v1/media/{id}", update),
    web.delete("/api/v1/media/{id}", delete),
]
