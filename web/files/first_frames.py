"""The job that gives moving pictures their first frame, where they were uploaded before there were any."""

from contextlib import suppress

from node import jobs, store
from node.errors import Invalid, NotFound
from node.jobs import TakenJob
from node.media.storage import Storage
from node.services.community import first_frames
from node.services.community.first_frames import Picture
from web.files import portraits


class FrameMaker:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def make(self, job: TakenJob) -> None:
        """Begun anew, it finds those that are left. Raises Unavailable when storage or the node itself ends."""
        for picture in await store.read(first_frames.without):
            # What is gone or cannot be read is shown as it is.
            with suppress(Invalid, NotFound):
                await self._one(picture)
        await store.write(jobs.finish, job)

    async def _one(self, picture: Picture) -> None:
        key = await portraits.store_anew(self._storage, picture.key)
        if key is not None:
            is_shown = await store.write(first_frames.replace, picture, key)
            await portraits.forget(self._storage, picture.key if is_shown else key)
