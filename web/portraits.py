"""Avatars, headers and emoji: from what somebody uploaded to the key of a stored file."""

import asyncio
from collections.abc import Callable

from node.media.images import ProcessedPortrait, process_avatar, process_emoji, process_header
from node.media.storage import Storage, new_key
from web.upload import Upload


async def store_avatar(storage: Storage, upload: Upload | None) -> str | None:
    """The key to set; None when nothing was uploaded. Invalid for what is no picture."""
    return await _store(storage, upload, "avatars", process_avatar)


async def store_header(storage: Storage, upload: Upload | None) -> str | None:
    return await _store(storage, upload, "headers", process_header)


async def store_emoji(storage: Storage, upload: Upload) -> str:
    key = await _store(storage, upload, "emoji", process_emoji)
    assert key is not None  # noqa: S101 - there is an upload
    return key


async def forget(storage: Storage, *keys: str | None) -> None:
    """Delete pictures that nobody shows any more."""
    await asyncio.to_thread(storage.delete, *[key for key in keys if key])


async def _store(
    storage: Storage, upload: Upload | None, folder: str, process: Callable[[bytes], ProcessedPortrait]
) -> str | None:
    if upload is None:
        return None

    def work() -> str:
        portrait = process(upload.data)
        key = new_key(folder, portrait.mime)
        storage.put(key, portrait.data)
        return key

    return await asyncio.to_thread(work)
