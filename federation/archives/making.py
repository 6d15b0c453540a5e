"""The jobs that make an archive and end it. Posts go from the database to the disk a page at a time, files one by one."""

import asyncio
import shutil
import tempfile
import zipfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from federation.archives import documents
from node import clock, jobs, store
from node.config import Config
from node.errors import NotFound, Unavailable
from node.jobs import TakenJob
from node.media import scratch
from node.media.storage import ARCHIVES, Storage, new_key
from node.models import Account, Portable
from node.services.portability import archives, exports
from node.services.portability.archives import Made

MOST_BYTES = 8 << 30
_LEAST_FREE_BYTES = 1 << 30
_TURN_MS = 10 * clock.SECOND
_TRIES = 4
_NO_ROOM = "There was no room for your archive. Tell the people who run this server, and ask again later."
_ZIP = "application/zip"

# (id that the next page begins after, or 0 at the end; items)
_Page = tuple[int, list[bytes]]


class ArchiveMaker:
    """One for each process that works; one archive at a time."""

    def __init__(self, config: Config, storage: Storage) -> None:
        self._config = config
        self._storage = storage
        self._room = asyncio.Semaphore(1)

    async def make(self, job: TakenJob) -> None:
        """A job that is interrupted begins anew: its file was seen by nobody."""
        if self._room.locked():
            await store.write(jobs.put_off, job, _TURN_MS)
            return
        async with self._room:
            account = await store.read(archives.to_make, job.subject)
            if account is None:
                return
            with tempfile.TemporaryDirectory(dir=await asyncio.to_thread(scratch.folder, self._config)) as name:
                try:
                    made = await _Packing(self._storage, account, Path(name)).done()
                except (OSError, Unavailable) as error:
                    if job.attempts >= _TRIES:
                        await store.write(archives.refused, job, _NO_ROOM)
                        return
                    raise Unavailable(_NO_ROOM) from error
            if not await store.write(archives.made, job, made):
                await asyncio.to_thread(self._storage.delete, made.file_key)

    async def end(self, job: TakenJob) -> None:
        await asyncio.to_thread(self._storage.delete, job.payload["file_key"])
        await store.write(archives.end, job)


class _Packing:
    """One archive on its way to the disk."""

    def __init__(self, storage: Storage, account: Account, folder: Path) -> None:
        self._storage = storage
        self._account = account
        self._folder = folder
        self._file = folder / "archive.zip"
        self._left_out: list[str] = []

    async def done(self) -> Made:
        with zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED) as archive:
            self._zip = archive
            await self._text(documents.ACTOR, await store.read(documents.actor, self._account))
            statuses = await self._collection(documents.OUTBOX, self._posts)
            await self._collection(documents.LIKES, self._likes)
            await self._collection(documents.BOOKMARKS, self._bookmarks)
            for kind in exports.FORMATS:
                await self._list(kind)
            for which, key in (("avatar", self._account.avatar_key), ("header", self._account.header_key)):
                if key:
                    await asyncio.to_thread(self._add, documents.picture_name(which, key), key)
            await self._media()
            if self._left_out:
                await self._text("left_out.txt", "\n".join(self._left_out).encode())
        file_key = new_key(ARCHIVES.rstrip("/"), _ZIP)
        await asyncio.to_thread(self._storage.put, file_key, self._file)
        return Made(file_key, self._file.stat().st_size, statuses, len(self._left_out))

    async def _text(self, name: str, data: bytes) -> None:
        await asyncio.to_thread(self._zip.writestr, name, data)

    @asynccontextmanager
    async def _member(self, name: str) -> AsyncIterator[Callable[[bytes], int]]:
        """What is written goes through to the disk; its size is not known before."""
        with self._zip.open(name, "w", force_zip64=True) as member:
            yield member.write

    async def _collection(self, name: str, page: Callable[[int], _Page]) -> int:
        count, after = 0, 0
        async with self._member(name) as write:
            await asyncio.to_thread(write, documents.opening(name))
            while (found := await store.read(page, after))[0]:
                after, items = found
                if items:
                    await asyncio.to_thread(write, (b"," if count else b"") + b",".join(items))
                count += len(items)
            await asyncio.to_thread(write, documents.closing(count))
        return count

    def _posts(self, after: int) -> _Page:
        return documents.outbox_page(self._account.id, after)

    def _likes(self, after: int) -> _Page:
        rows = archives.likes_page(self._account.id, after)
        return (rows[-1][0], [documents.encode(uri) for _, uri in rows]) if rows else (0, [])

    def _bookmarks(self, after: int) -> _Page:
        rows = exports.page(self._account.id, Portable.BOOKMARKS, after)
        return (rows[-1][0], [documents.encode(cells[0]) for _, cells in rows]) if rows else (0, [])

    async def _list(self, kind: Portable) -> None:
        known, after = exports.FORMATS[kind], 0
        async with self._member(known.file_name) as write:
            await asyncio.to_thread(write, known.opening.encode())
            while rows := await store.read(exports.page, self._account.id, kind, after):
                text = known.text_of([cells for _, cells in rows], is_first=not after)
                await asyncio.to_thread(write, text.encode())
                after = rows[-1][0]
            await asyncio.to_thread(write, known.closing.encode())

    async def _media(self) -> None:
        after = 0
        while rows := await store.read(archives.media_page, self._account.id, after):
            for media in rows:
                await asyncio.to_thread(self._add, documents.media_name(media), media.file_key)
            after = rows[-1].id

    def _add(self, name: str, key: str) -> None:
        """A stored file as it is, if there is room for it."""
        try:
            file = self._storage.fetch(key, self._folder)
            size = file.stat().st_size
            room = min(
                MOST_BYTES - self._file.stat().st_size, shutil.disk_usage(self._folder).free - _LEAST_FREE_BYTES
            )
            if size > room:
                self._left_out.append(name)
            else:
                self._zip.write(file, name, zipfile.ZIP_STORED)
        except (NotFound, FileNotFoundError):
            self._left_out.append(name)
        finally:
            (self._folder / "fetched").unlink(missing_ok=True)
