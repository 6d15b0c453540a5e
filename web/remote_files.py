"""Files of other servers, fetched once and kept on the disk for a while, so that their servers do not see our readers.

What comes is believed to be what its first bytes say, and only pictures, video and sound are kept.
"""

import asyncio
import hashlib
import time
from pathlib import Path
from typing import Protocol

from aiohttp import web

from federation import uris
from federation.flights import Flights
from federation.http import Response
from node import store
from node.errors import NotFound
from node.media.probe import kind_of
from node.models import Severity
from node.services import domains

MAX_BYTES = 24 << 20
KEPT_SECONDS = 7 * 24 * 3600
KEPT_BYTES = 1 << 30
_AT_ONCE = 4  # each is in memory while it comes
_DEADLINE_SECONDS = 30.0
_PRUNED_EVERY = 100  # files fetched

_ACCEPT = "image/*, video/*, audio/*"
_EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/avif": "avif",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
}
_MIMES = {extension: mime for mime, extension in _EXTENSIONS.items()}


class Fetcher(Protocol):
    """What is needed of federation's door."""

    async def fetch(
        self, url: str, *, accept: str = ..., max_bytes: int = ..., deadline_seconds: float = ...
    ) -> Response: ...


class RemoteFiles:
    """One for each process; the folder belongs to all of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._flights: Flights[tuple[Path, str]] = Flights()
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._fetched = 0

    async def get(self, door: Fetcher, url: str) -> tuple[Path, str]:
        """Where a copy of `url` is, and its type. Raises a NodeError when there is none to be had."""
        await store.point(_refuse_unwanted, url)
        name = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()
        known = await asyncio.to_thread(self._find, name)
        return known or await self._flights.run(name, lambda: self._fetch(door, url, name))

    async def _fetch(self, door: Fetcher, url: str, name: str) -> tuple[Path, str]:
        async with self._room:
            response = await door.fetch(url, accept=_ACCEPT, max_bytes=MAX_BYTES, deadline_seconds=_DEADLINE_SECONDS)
            mime = sniffed(response.body)
            if mime is None:
                raise NotFound("This is neither a picture, nor video, nor sound.")
            path = await asyncio.to_thread(self._keep, name, mime, response.body)
        self._fetched += 1
        if self._fetched % _PRUNED_EVERY == 1:
            await asyncio.to_thread(self.prune)
        return path, mime

    def _find(self, name: str) -> tuple[Path, str] | None:
        for path in self._folder.glob(f"{name[:2]}/{name}.*"):
            mime = _MIMES.get(path.suffix[1:])
            if mime is not None and path.stat().st_mtime > time.time() - KEPT_SECONDS:
                return path, mime
        return None

    def _keep(self, name: str, mime: str, data: bytes) -> Path:
        path = self._folder / name[:2] / f"{name}.{_EXTENSIONS[mime]}"
        path.parent.mkdir(parents=True, exist_ok=True)
        # Whoever reads it meanwhile sees all of it or nothing.
        part = path.with_name(f"{path.name}.part{time.monotonic_ns()}")
        part.write_bytes(data)
        part.replace(path)
        return path

    def prune(self) -> None:
        """Delete what is too old, then the oldest beyond `KEPT_BYTES`."""
        left, oldest = KEPT_BYTES, time.time() - KEPT_SECONDS
        found = [(path.stat(), path) for path in self._folder.glob("*/*")]
        for stat, path in sorted(found, key=lambda one: one[0].st_mtime, reverse=True):
            left -= stat.st_size
            if left < 0 or stat.st_mtime < oldest:
                path.unlink(missing_ok=True)


REMOTE_FILES = web.AppKey("remote_files", RemoteFiles)


def sniffed(data: bytes) -> str | None:
    """The type by content; None for anything that is not to be shown, such as SVG, which may hold scripts."""
    picture = kind_of(data)
    if picture is not None:
        return picture.value if picture.value in _EXTENSIONS else None
    if data[4:8] == b"ftyp":
        return "video/mp4"
    if data.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm"
    if data.startswith(b"OggS"):
        return "audio/ogg"
    if data.startswith(b"fLaC"):
        return "audio/flac"
    if data.startswith((b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")):
        return "audio/mpeg"
    return None


def _refuse_unwanted(url: str) -> None:
    """The community may have decided to show no pictures of a domain."""
    rule = domains.rule_of(uris.host_of(url) or "")
    if rule is not None and (rule.reject_media or rule.severity is Severity.SUSPEND):
        raise NotFound("Files of this domain are not shown here.")
