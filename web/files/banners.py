"""The job that blurs the node's banner for apps, where it was uploaded before that was done at once."""

from contextlib import suppress

from node import jobs, store
from node.errors import Invalid, NotFound
from node.jobs import TakenJob
from node.media.storage import Storage
from node.services.community import pictures
from web.files import portraits


async def blur(storage: Storage, job: TakenJob) -> None:
    """Raises Unavailable when storage or the node itself ends; then it is done later."""
    key = (await store.point(pictures.current)).banner
    if key:
        # What is gone or cannot be read stays without.
        with suppress(Invalid, NotFound):
            await store.write(pictures.blur, key, await portraits.blurhash(storage, key))
    await store.write(jobs.finish, job)
