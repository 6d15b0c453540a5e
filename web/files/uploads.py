"""From what somebody uploaded to a row: pictures at once, video and sound by a job that others wait for (ADR 25)."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path

from aiohttp import web

from node import store, streams
from node.errors import Invalid, NodeError
from node.media import films, programs, scratch
from node.media.films import FilmLimits
from node.media.images import ProcessedImage, process_image
from node.media.probe import Limits, probe
from node.media.storage import UPLOADS, Storage, light_key, new_key, preview_key
from node.models import MediaAttachment
from node.services.community import settings
from node.services.statuses import media
from node.services.statuses.media import StoredMedia
from node.speech import said
from web import body, rate_limit
from web.files.upload import Upload
from web.keys import CONFIG, STORAGE

_FOLDER = "media"
_SECONDS = 25.0  # proxies lose patience after 30 or 60
_ASK_AGAIN_SECONDS = 2.0

Record = Callable[[StoredMedia], MediaAttachment]


async def expect(request: web.Request) -> None:
    """The form that is about to be read may hold video."""
    body.allow_files(request, (await store.point(settings.current)).max_film_bytes)


async def keep(
    request: web.Request, file: Upload, record: Record, *, thumbnail: Upload | None = None
) -> MediaAttachment:
    """Store the files and `record` them; nothing stays behind if that is refused. A film may be in work still."""
    stored = await asyncio.to_thread(_store, request, file, thumbnail, await store.point(_limits))
    try:
        return await store.write(record, stored)
    except Exception:
        await forget(request.app[STORAGE], stored.file_key, stored.thumb_key, stored.source_key)
        raise


@asynccontextmanager
async def stills(
    request: web.Request, account_id: int, thumbnails: Mapping[int, Upload]
) -> AsyncIterator[dict[int, StoredMedia]]:
    """New thumbnails for attachments of `account_id`, by attachment. What none of them shows at the end is deleted."""
    if not thumbnails:
        yield {}
        return
    storage, (limits, _) = request.app[STORAGE], await store.point(_limits)
    before = await store.point(media.thumb_keys, account_id, [*thumbnails])
    made: dict[int, StoredMedia] = {}
    for _ in before:
        rate_limit.spend_upload(request, account_id)

    def make(thumbnail: Upload) -> StoredMedia:
        return with_still(storage, StoredMedia(kind="image"), process_image(_whole(thumbnail, limits), limits))

    try:
        for media_id in before:
            made[media_id] = await asyncio.to_thread(make, thumbnails[media_id])
        yield made
    finally:
        shown = await store.point(media.thumb_keys, account_id, [*before])
        useless = {*before.values(), *(one.thumb_key for one in made.values())}.difference(shown.values())
        await forget(storage, *useless)


async def ready(row: MediaAttachment) -> MediaAttachment:
    """The film when it is made, or as it is after some seconds. Invalid when it turned out to be none."""
    try:
        async with asyncio.timeout(_SECONDS):
            with streams.subscribe((media.topic(row.id),)) as events:
                while media.is_in_work(row := await store.point(media.get, row.account_id, row.id)):
                    with suppress(TimeoutError):
                        await asyncio.wait_for(events.wait(), _ASK_AGAIN_SECONDS)
                    events.drain()
    except TimeoutError:
        return row
    return checked(row)


def checked(row: MediaAttachment) -> MediaAttachment:
    """Invalid, with the reason, for what could not be made ready."""
    if row.problem:
        raise Invalid(row.problem)
    return row


async def forget(storage: Storage, *keys: str) -> None:
    files = [file for key in keys if key for file in (key, light_key(key)) if file]
    await asyncio.to_thread(storage.delete, *files)


def _limits() -> tuple[Limits, FilmLimits]:
    now = settings.current()
    return Limits(max_bytes=now.max_image_bytes), film_limits()


def film_limits() -> FilmLimits:
    """What the community allows. Reads the settings."""
    now = settings.current()
    return FilmLimits(max_bytes=now.max_film_bytes, max_seconds=now.max_film_minutes * 60)


def _store(
    request: web.Request, file: Upload, thumbnail: Upload | None, limits: tuple[Limits, FilmLimits]
) -> StoredMedia:
    storage, (picture_limits, film_limits) = request.app[STORAGE], limits
    still = process_image(_whole(thumbnail, picture_limits), picture_limits) if thumbnail else None
    if _is_film(file, picture_limits, film_limits):
        return _store_source(storage, scratch.folder(request.app[CONFIG]), file, still, film_limits)
    return picture(storage, file, picture_limits, still)


def picture(storage: Storage, file: Upload, limits: Limits, still: ProcessedImage | None = None) -> StoredMedia:
    """Processed and stored."""
    image = process_image(_whole(file, limits), limits)
    file_key = new_key(_FOLDER, image.mime)
    storage.put(file_key, image.original)
    stored = StoredMedia(
        kind="image",
        mime=image.mime,
        file_key=file_key,
        width=image.width,
        height=image.height,
        size_bytes=len(image.original),
    )
    return with_still(storage, stored, still or image)


def with_still(storage: Storage, stored: StoredMedia, still: ProcessedImage) -> StoredMedia:
    """The same with a thumbnail, which is stored."""
    if still.light is None:
        thumb_key = new_key(_FOLDER, still.thumb_mime)
    else:
        thumb_key = preview_key(still.thumb_mime)
        storage.put(light_key(thumb_key), still.light)
    storage.put(thumb_key, still.thumb)
    return replace(
        stored,
        thumb_key=thumb_key,
        thumb_width=still.thumb_width,
        thumb_height=still.thumb_height,
        blurhash=still.blurhash,
        size_bytes=stored.size_bytes + len(still.thumb) + len(still.light or b""),
    )


def _is_film(file: Upload, picture_limits: Limits, film_limits: FilmLimits) -> bool:
    """GIFs that move become video where that can be done."""
    demuxer = films.demuxer_of(file.head)
    if demuxer != "gif":
        return demuxer is not None
    if not programs.available() or not film_limits.max_bytes:
        return False
    return probe(_whole(file, picture_limits), picture_limits).frames > 1


def _whole(file: Upload, limits: Limits) -> bytes:
    if file.size_bytes > limits.max_bytes:
        raise Invalid(
            said(
                "This picture is too large: %(megabytes)s MB are the most.",
                megabytes=limits.max_bytes // (1024 * 1024),
            )
        )
    return file.data


def _store_source(
    storage: Storage, folder: Path, file: Upload, still: ProcessedImage | None, limits: FilmLimits
) -> StoredMedia:
    """As it came, after a look at what it says of itself."""
    if not limits.max_bytes:
        raise Invalid("Video and sound cannot be attached on this server.")
    with tempfile.NamedTemporaryFile(dir=folder) as copy:
        if file.path is None:
            body.to_disk(copy, file.data)
        path = file.path or Path(copy.name)
        film = films.examine(path, limits)
        source_key = new_key(UPLOADS.rstrip("/"), "application/octet-stream")
        storage.put(source_key, path)
    stored = StoredMedia(kind=film.kind.value, source_key=source_key, size_bytes=file.size_bytes)
    if still is None:
        return stored
    try:
        return with_still(storage, stored, still)
    except NodeError:
        storage.delete(source_key)
        raise
