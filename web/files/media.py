"""Files: our own under `/media/<key>`, and those of other servers, which readers get from us under `/proxy/…`.

Whatever a file holds, it can do nothing here: its type is the one that was found in its content, browsers may not
guess another, and a sandbox without scripts is around it (docs/threat-model.md).
"""

import asyncio
from contextlib import suppress
from pathlib import Path

from aiohttp import web

from federation.context import FEDERATION
from federation.errors import FetchError
from node.errors import NodeError, NotFound, Unavailable
from node.media.storage import ARCHIVES, AVATARS, UPLOADS, Storage, is_key, light_key, mime_of
from web.files import passing, remote_media
from web.files.remote_files import REMOTE_FILES, RemoteFiles
from web.keys import STORAGE

_FOREVER = "public, max-age=31536000, immutable"
_A_WEEK = "public, max-age=604800"
_PIECE_BYTES = 1 << 20
_NOTHING = "There is no such file."
# Of a picture of another server, by what stands behind its address.
_FORMS = {
    remote_media.STILL: RemoteFiles.first_frame,
    remote_media.SMALL: RemoteFiles.smaller,
    remote_media.FACE: RemoteFiles.face,
}
_BY_TYPE = {"Vary": "Accept"}
_HARMLESS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


async def own(request: web.Request) -> web.StreamResponse:
    """A key never gets other content, so that nobody asks for it twice. Avatars are to be had small, too, thumbnails
    in two types (ADR 53).
    """
    key, form = request.match_info["key"], request.match_info["form"]
    if not is_key(key) or key.startswith((ARCHIVES, UPLOADS)):  # an upload as it came says where it was taken
        raise NotFound(_NOTHING)
    if form and not key.startswith(AVATARS):
        raise NotFound(_NOTHING)
    storage = request.app[STORAGE]
    if form and (face := await _face(request, storage, key)) is not None:
        return face
    light, mime = light_key(key), mime_of(key)
    if light and _takes_avif(request):
        with suppress(NotFound):  # as a move between stores that was interrupted leaves it
            return await _light(storage, light)
    headers = _headers(mime, _FOREVER) | (_BY_TYPE if light else {})
    path = storage.path(key)
    if path is None and mime.startswith(("video/", "audio/")):
        return await in_parts(request, storage, key, headers)
    if path is None:
        return web.Response(body=await asyncio.to_thread(storage.get, key), headers=headers)
    return _file(path, headers)


async def _light(storage: Storage, key: str) -> web.StreamResponse:
    """NotFound where it is not there."""
    headers = _headers(mime_of(key), _own_alone(_FOREVER)) | _BY_TYPE
    path = storage.path(key)
    if path is None:
        return web.Response(body=await asyncio.to_thread(storage.get, key), headers=headers)
    await asyncio.to_thread(storage.size, key)
    return _file(path, headers)


async def _face(request: web.Request, storage: Storage, key: str) -> web.StreamResponse | None:
    """None where there is no copy: the whole one will do. NotFound where that is gone, whatever copy is left."""
    await asyncio.to_thread(storage.size, key)
    made = await request.app[REMOTE_FILES].own_face(key, lambda: storage.get(key))
    return None if made is None else _file(made[0], _headers(made[1], _FOREVER))


async def in_parts(request: web.Request, storage: Storage, key: str, headers: dict[str, str]) -> web.StreamResponse:
    """A film from object storage, never whole in memory; players ask for a range of it (RFC 9110, section 14)."""
    size = await asyncio.to_thread(storage.size, key)
    try:
        asked = request.http_range
    except ValueError:
        asked = slice(None)  # a range that cannot be read counts as none
    wanted = range(size)[asked]
    headers = {**headers, "Accept-Ranges": "bytes"}
    if not wanted and size:
        return web.Response(status=416, headers={"Content-Range": f"bytes */{size}"})
    is_part = asked.start is not None
    if is_part:
        headers["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{size}"
    response = web.StreamResponse(status=206 if is_part else 200, headers=headers)
    response.content_length = len(wanted)
    await response.prepare(request)
    if request.method != "HEAD":
        for start in range(wanted.start, wanted.stop, _PIECE_BYTES):
            stop = min(start + _PIECE_BYTES, wanted.stop)
            await response.write(await asyncio.to_thread(storage.part, key, start, stop))
    return response


async def remote(request: web.Request) -> web.StreamResponse:
    """Only addresses that this node has written itself; kept on the disk for a while, or passed on."""
    url = remote_media.original(request.match_info["signature"], request.match_info["address"])
    try:
        return await _remote(request, url)
    except NodeError as error:
        if isinstance(error, Unavailable) and not isinstance(error, FetchError):
            raise  # it is us who have no room just now
        # Why another server does not give its file is nothing that a page with a picture could tell.
        raise NotFound(_NOTHING) from error


async def _remote(request: web.Request, url: str) -> web.StreamResponse:
    files, door = request.app[REMOTE_FILES], request.app[FEDERATION].door
    form, keep = request.match_info["form"], _A_WEEK
    make, more = _FORMS.get(form, RemoteFiles.get), _BY_TYPE if form == remote_media.SMALL else {}
    if more and _takes_avif(request):
        make, keep = RemoteFiles.lighter, _own_alone(keep)
    kept = await make(files, door, url)
    if kept is not None:
        path, mime = kept
        return _file(path, _headers(mime, keep) | more)
    return await passing.pass_on(files, door, request, url, lambda mime: _headers(mime, _A_WEEK))


def _takes_avif(request: web.Request) -> bool:
    """Browsers name it where they ask for pictures; programs that do not may be older than it."""
    return "image/avif" in request.headers.get("Accept", "")


def _own_alone(keep: str) -> str:
    """Some caches that stand before servers do not ask by what an answer varies: those have what everybody can show."""
    return keep.replace("public", "private")


def _file(path: Path, headers: dict[str, str]) -> web.StreamResponse:
    """With ranges, conditions and sendfile; a file that is not there is aiohttp's 404."""
    return web.FileResponse(path, headers=headers)


def _headers(mime: str, keep: str) -> dict[str, str]:
    headers = {"Content-Type": mime, "Cache-Control": keep, **_HARMLESS}
    if not mime.startswith(("image/", "video/", "audio/")):
        headers["Content-Disposition"] = "attachment"
    return headers


ROUTES = [
    web.get(f"/media/{{key:.+?}}{{form:({remote_media.FACE})?}}", own),
    web.get(f"/proxy/{{signature}}/{{address}}{{form:({'|'.join(_FORMS)})?}}", remote),
]
