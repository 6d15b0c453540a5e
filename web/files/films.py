"""The job that makes an uploaded film ready: in a process with limits, one or two at once, done anew if interrupted."""

import asyncio
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from node import clock, jobs, store
from node.config import Config
from node.errors import Invalid, NotFound
from node.jobs import TakenJob
from node.media import scratch, transcode
from node.media.films import FilmKind, FilmLimits
from node.media.storage import Storage, new_key
from node.services.statuses import media
from node.services.statuses.media import StoredMedia
from web.files import uploads

AT_ONCE = 2
_TURN_MS = 2 * clock.SECOND


class FilmMaker:
    """One for each process that works. Its threads are its own, since they are held for minutes."""

    def __init__(self, config: Config, storage: Storage) -> None:
        self._config = config
        self._storage = storage
        self._room = asyncio.Semaphore(AT_ONCE)
        self._threads = ThreadPoolExecutor(AT_ONCE, "film")

    async def make(self, job: TakenJob) -> None:
        """Raises Unavailable when storage or the node itself ends; then it is done later."""
        if self._room.locked():
            await store.write(jobs.put_off, job, _TURN_MS)
            return
        async with self._room:
            row = await store.point(media.to_make, job.subject)
            if row is None:
                return
            limits = await store.point(uploads.film_limits)
            work = partial(self._work, row.source_key, row.kind, limits)
            try:
                made = await asyncio.get_running_loop().run_in_executor(self._threads, work)
            except (Invalid, NotFound) as refusal:
                await store.write(media.film_refused, job, str(refusal))
                await uploads.forget(self._storage, row.source_key)
            else:
                await uploads.forget(self._storage, *await store.write(media.film_made, job, made))

    def _work(self, source_key: str, kind: str, limits: FilmLimits) -> StoredMedia:
        with tempfile.TemporaryDirectory(dir=scratch.folder(self._config)) as name:
            folder = Path(name)
            source = self._storage.fetch(source_key, folder)
            made = transcode.make(source, FilmKind(kind), folder, limits)
            file_key = new_key("media", made.mime)
            self._storage.put(file_key, made.file)
            stored = StoredMedia(
                kind=kind,
                mime=made.mime,
                file_key=file_key,
                width=made.film.width,
                height=made.film.height,
                duration_seconds=made.film.duration_seconds,
                frame_rate=made.film.frame_rate,
                bitrate=made.film.bitrate,
                size_bytes=made.file.stat().st_size,
            )
            return stored if made.still is None else uploads.with_still(self._storage, stored, made.still)
