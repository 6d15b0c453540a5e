"""Files of other servers, fetched once and kept on the disk for a while, so that their servers do not see our readers.

What comes is believed to be what its first bytes say, and only pictures, video and sound are kept.
"""

import asyncio
import hashlib
import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from federation import uris
from federation.errors import TooLarge
from federation.http.door import Door
from federation.http.flights import Flights
from node import store
from node.config import Config
from node.errors import NodeError, NotFound, Unavailable
from node.media import images
from node.media.probe import kind_of
from node.models import Severity
from node.services.community import settings
from node.services.community.settings import RemoteMedia
from node.services.servers import domains

MAX_BYTES = 24 << 20  # of a copy; what is larger is passed on
_AT_ONCE = 4  # each is in memory while it comes
_FRAMES_AT_ONCE = 2  # as many pictures are worked on at once (node/media/pool.py)
_DEADLINE_SECONDS = 30.0
_PRUNED_EVERY = 50  # whenever this part of what is allowed has come
_SEEN_SECONDS = 3600

ACCEPT = "image/*, video/*, audio/*"
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
_MAY_MOVE = frozenset({"image/gif", "image/webp", "image/png"})
_PICTURES = _MAY_MOVE | {"image/jpeg", "image/avif"}
_MIMES = {extension: mime for mime, extension in _EXTENSIONS.items()}


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What the community decided."""

    is_kept: bool
    most_bytes: int
    least_free_bytes: int
    kept_seconds: float  # 0: for ever


class RemoteFiles:
    """One for each process; the folder belongs to all of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.flights: Flights[tuple[Path, str] | None] = Flights()
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._frames = asyncio.Semaphore(_FRAMES_AT_ONCE)
        self._since_pruned = 0

    async def get(self, door: Door, url: str) -> tuple[Path, str] | None:
        """Where a copy of `url` is, and its type; None when there is none because it is to be passed on.

        Raises a NodeError when the file is not to be had, or not to be shown.
        """
        bounds = await store.point(_bounds, url)
        if not bounds.is_kept:
            return None
        name = name_of(url)
        known = await asyncio.to_thread(self._find, name, bounds)
        return known or await self.flights.run(name, lambda: self._fetch(door, url, name, bounds))

    async def first_frame(self, door: Door, url: str) -> tuple[Path, str] | None:
        """The same for the first frame of a picture that moves; of others, the picture."""
        return await self._made(door, url, "still", _MAY_MOVE, images.first_frame)

    async def smaller(self, door: Door, url: str) -> tuple[Path, str] | None:
        """The same for a light copy; of what is light, the picture."""
        return await self._made(door, url, "small", _PICTURES, images.smaller)

    async def lighter(self, door: Door, url: str) -> tuple[Path, str] | None:
        """The same as AVIF."""
        return await self._made(door, url, "light", _PICTURES, images.lighter)

    async def face(self, door: Door, url: str) -> tuple[Path, str] | None:
        """The same for an avatar as small as it stands beside posts."""
        return await self._made(door, url, "face", _PICTURES, images.face)

    async def own_face(self, key: str, read: Callable[[], bytes]) -> tuple[Path, str] | None:
        """The same of an avatar that is stored here under `key`; None where no copies are kept, or it cannot be made."""
        bounds = await store.point(bounds_now)
        if not bounds.is_kept:
            return None
        name = name_of(f"{key} face")
        known = await asyncio.to_thread(self._find, name, bounds)
        return known or await self.flights.run(name, lambda: self._make(read, name, images.face))

    async def _made(
        self, door: Door, url: str, form: str, mimes: frozenset[str], make: Callable[[bytes], bytes | None]
    ) -> tuple[Path, str] | None:
        kept = await self.get(door, url)
        if kept is None or kept[1] not in mimes:
            return kept
        name = name_of(f"{url} {form}")
        bounds = await store.point(bounds_now)
        known = await asyncio.to_thread(self._find, name, bounds)
        return known or await self.flights.run(name, lambda: self._make(kept[0].read_bytes, name, make)) or kept

    async def _make(
        self, read: Callable[[], bytes], name: str, make: Callable[[bytes], bytes | None]
    ) -> tuple[Path, str] | None:
        """None where there is nothing to be made, and of what cannot be looked into."""
        # What is here already does not wait for what is still to be fetched.
        async with self._frames:
            with suppress(NodeError, OSError):
                made = await asyncio.to_thread(lambda: make(read()))
                if made is not None:
                    mime = sniffed(made) or ""
                    return await asyncio.to_thread(self._keep, name, mime, made), mime
        return None

    async def _fetch(self, door: Door, url: str, name: str, bounds: Bounds) -> tuple[Path, str] | None:
        if not await asyncio.to_thread(self._has_room, bounds):
            return None
        async with self._room:
            try:
                response = await door.fetch(
                    url, accept=ACCEPT, max_bytes=MAX_BYTES, deadline_seconds=_DEADLINE_SECONDS
                )
            except TooLarge:
                return None
            mime = sniffed(response.body)
            if mime is None:
                raise NotFound("This is neither a picture, nor video, nor sound.")
            path = await asyncio.to_thread(self._keep, name, mime, response.body)
        self._since_pruned += len(response.body)
        if self._since_pruned > bounds.most_bytes // _PRUNED_EVERY:
            self._since_pruned = 0
            await asyncio.to_thread(self.prune, bounds)
        return path, mime

    def _has_room(self, bounds: Bounds) -> bool:
        """Whether the disk has more free than copies leave; those that were not looked at make some."""
        self._folder.mkdir(parents=True, exist_ok=True)
        if bounds.most_bytes and shutil.disk_usage(self._folder).free > bounds.least_free_bytes:
            return True
        self.prune(bounds)
        return bool(bounds.most_bytes) and shutil.disk_usage(self._folder).free > bounds.least_free_bytes

    def _find(self, name: str, bounds: Bounds) -> tuple[Path, str] | None:
        now = time.time()
        for path in self._folder.glob(f"{name[:2]}/{name}.*"):
            mime = _MIMES.get(path.suffix[1:])
            if mime is None:
                continue
            stat = path.stat()
            if not bounds.kept_seconds or stat.st_mtime > now - bounds.kept_seconds:
                if stat.st_atime < now - _SEEN_SECONDS:  # most disks are mounted so that reading does not say so
                    os.utime(path, (now, stat.st_mtime))
                return path, mime
        return None

    def _keep(self, name: str, mime: str, data: bytes) -> Path:
        path = self._folder / name[:2] / f"{name}.{_EXTENSIONS[mime]}"
        path.parent.mkdir(parents=True, exist_ok=True)
        # Whoever reads it meanwhile sees all of it or nothing.
        part = path.with_name(f"{path.name}.part{time.monotonic_ns()}")
        try:
            part.write_bytes(data)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise Unavailable("The file could not be kept.") from error
        part.replace(path)
        return path

    def usage(self) -> tuple[int, int]:
        """How many copies there are, and their bytes."""
        sizes = [path.stat().st_size for path in self._folder.glob("*/*")]
        return len(sizes), sum(sizes)

    def prune(self, bounds: Bounds) -> tuple[int, int]:
        """Delete what is too old, then what nobody looked at longest beyond the bounds; how many, how many bytes."""
        found = [(path.stat(), path) for path in self._folder.glob("*/*")]
        lacking = bounds.least_free_bytes - shutil.disk_usage(self._folder).free if found else 0
        left = min(bounds.most_bytes, sum(stat.st_size for stat, _ in found) - max(0, lacking))
        oldest = time.time() - bounds.kept_seconds if bounds.kept_seconds else 0.0
        count = size = 0
        for stat, path in sorted(found, key=lambda one: one[0].st_atime, reverse=True):
            left -= stat.st_size
            if left < 0 or stat.st_mtime < oldest or not bounds.is_kept:
                path.unlink(missing_ok=True)
                count, size = count + 1, size + stat.st_size
        return count, size


def remote_folder(config: Config) -> Path:
    """Where copies are."""
    return config.data_dir / "remote"


def name_of(url: str) -> str:
    """Under which a copy is kept, and a failure remembered."""
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()


def bounds_now() -> Bounds:
    """Reads the settings."""
    now = settings.current()
    return Bounds(
        is_kept=now.remote_media is RemoteMedia.CACHE,
        most_bytes=now.remote_media_gib << 30,
        least_free_bytes=now.least_free_gib << 30,
        kept_seconds=now.media_days * 86_400,
    )


def _bounds(url: str) -> Bounds:
    """NotFound where the community decided to show no files of a domain, or of any."""
    rule = domains.rule_of(uris.host_of(url) or "")
    if rule is not None and (rule.reject_media or rule.severity is Severity.SUSPEND):
        raise NotFound("Files of this domain are not shown here.")
    if settings.current().remote_media is RemoteMedia.NONE:
        raise NotFound("Files of other servers are not shown here.")
    return bounds_now()


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
