"""The job that restores an archive: post after post from its file, each with its pictures a unit of work of its own."""

import asyncio
import itertools
import tempfile
import time
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from federation.archives.reading import ArchivedPost, parse_archived
from node import clock, jobs, store
from node.config import Config
from node.errors import Invalid, NodeError, NotFound, Unavailable
from node.jobs import TakenJob
from node.media import archives, scratch
from node.media.probe import Limits
from node.media.storage import Storage
from node.models import Restoration
from node.services.community import settings
from node.services.portability import restorations
from node.services.portability.restorations import OldFile
from node.speech import said
from web.files import uploads
from web.files.upload import Upload

ACTOR, OUTBOX = "actor.json", "outbox.json"
_MOST_ACTOR_BYTES = 1 << 20
_MOST_ACTIVITIES = 200_000
_ROUND_SECONDS = 50 * 60  # a lease is an hour
_TURN_MS = 10 * clock.SECOND
_END = object()


def check(source: Path | bytes) -> None:
    """Invalid for what cannot be restored."""
    with archives.opened(source) as archive:
        _actor(archive)
        if OUTBOX not in archive.namelist():
            raise Invalid(archives.NO_ARCHIVE)


def _actor(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        actor = msgspec.json.decode(archives.member(archive, ACTOR, _MOST_ACTOR_BYTES) or b"")
    except (msgspec.DecodeError, RecursionError) as error:
        raise Invalid(archives.NO_ARCHIVE) from error
    if not isinstance(actor, dict):
        raise Invalid(archives.NO_ARCHIVE)
    return actor


class Restorer:
    """One for each process that works; one archive at a time."""

    def __init__(self, config: Config, storage: Storage) -> None:
        self._config = config
        self._storage = storage
        self._room = asyncio.Semaphore(1)

    async def restore(self, job: TakenJob) -> None:
        """Interrupted, it goes on after the last post that was made."""
        if self._room.locked():
            await store.write(jobs.put_off, job, _TURN_MS)
            return
        async with self._room:
            row, problem = await store.read(restorations.load, job.subject), ""
            if row is not None:
                try:
                    if not await self._restore(row):
                        await store.write(jobs.put_off, job, 0)
                        return
                except (Invalid, NotFound) as refusal:
                    problem = refusal.sentence
        await uploads.forget(self._storage, job.payload["file_key"])
        await store.write(restorations.finish, job, problem)

    async def _restore(self, row: Restoration) -> bool:
        """Whether all of it is done."""
        limits = Limits(max_bytes=(await store.point(settings.current)).max_image_bytes)
        with tempfile.TemporaryDirectory(dir=await asyncio.to_thread(scratch.folder, self._config)) as name:
            path = await asyncio.to_thread(self._storage.fetch, row.file_key, Path(name))
            with await asyncio.to_thread(archives.opened, path) as archive:
                return await _Reading(self._storage, row, archive, limits).done()


class _Reading:
    """One run through an archive."""

    def __init__(self, storage: Storage, row: Restoration, archive: zipfile.ZipFile, limits: Limits) -> None:
        self._storage = storage
        self._row = row
        self._archive = archive
        self._limits = limits
        self._actor = _actor(archive)
        self._stored_bytes = row.size_bytes

    async def done(self) -> bool:
        """Whether the end was reached; what was dealt with in an earlier run is passed over."""
        ends, before = time.monotonic() + _ROUND_SECONDS, self._row.position
        items = itertools.islice(archives.items(self._archive, OUTBOX), before, None)
        for position in itertools.count(before):
            item = await asyncio.to_thread(next, items, _END)
            if item is _END:
                return True
            if position >= _MOST_ACTIVITIES:
                raise Invalid(
                    said("The archive has too many posts: %(most)s were read.", most=f"{_MOST_ACTIVITIES:,}")
                )
            if time.monotonic() > ends or not await self._one(position, item):
                return False
        return True

    async def _one(self, position: int, item: Any) -> bool:
        try:
            found = parse_archived(item, self._actor)
            if found is not None and await store.read(restorations.is_wanted, self._row.account_id, found.post):
                return await self._make(position, found)
        except NodeError as refusal:
            if isinstance(refusal, Unavailable):
                raise
        return await store.write(restorations.leave_out, self._row, position)

    async def _make(self, position: int, found: ArchivedPost) -> bool:
        files: list[OldFile] = []
        for one in found.files:
            stored = await asyncio.to_thread(self._stored, one.name, one.description)
            files += [] if stored is None else [stored]
        if not (found.post.source or files or found.post.poll):
            raise Invalid("Nothing is left of this post.")
        missing = len(found.files) - len(files)
        work = partial(restorations.restore, self._row, position, found.post, files, missing)
        try:
            return await store.write(work)
        except NodeError:
            keys = [key for one in files for key in (one.stored.file_key, one.stored.thumb_key)]
            await uploads.forget(self._storage, *keys)
            raise

    def _stored(self, name: str, description: str) -> OldFile | None:
        """The picture, made anew as every upload is; None for what is none, or has no room."""
        data = archives.member(self._archive, name, self._limits.max_bytes)
        if not data or self._stored_bytes + len(data) > restorations.MOST_STORED_BYTES:
            return None
        try:
            stored = uploads.picture(self._storage, Upload(data), self._limits)
        except Invalid:
            return None
        self._stored_bytes += stored.size_bytes
        return OldFile(stored=stored, description=description)
