"""Avatars, headers, emoji and the icon of the node: from what somebody uploaded to the key of a stored file."""

import asyncio
from collections.abc import Callable

from node.media.images import ProcessedPortrait, process_avatar, process_emoji, process_header, process_icon
from node.media.storage import Storage, moving_key, new_key, still_key
from web.files.upload import Upload

_PROCESSES = {"avatars": process_avatar, "headers": process_header, "emoji": process_emoji}


async def store_avatar(storage: Storage, upload: Upload | None) -> str | None:
    """The key to set; None when nothing was uploaded. Invalid for what is no picture."""
    return await _store(storage, upload, "avatars", process_avatar)


async def store_header(storage: Storage, upload: Upload | None) -> str | None:
    return await _store(storage, upload, "headers", process_header)


async def store_emoji(storage: Storage, upload: Upload) -> str:
    key = await _store(storage, upload, "emoji", process_emoji)
    assert key is not None  # noqa: S101 - there is an upload
    return key


async def store_banner(storage: Storage, upload: Upload) -> tuple[str, str]:
    """The key, and the blurhash."""

    def work() -> tuple[str, str]:
        banner = process_header(upload.data)
        return _put(storage, "site", banner), banner.blurhash

    return await asyncio.to_thread(work)


async def blurhash(storage: Storage, key: str) -> str:
    """Of a stored banner. NotFound and Invalid for what is gone or no picture."""
    return await asyncio.to_thread(lambda: process_header(storage.get(key)).blurhash)


async def store_icon(storage: Storage, upload: Upload) -> tuple[str, str]:
    """The keys of the large one and of the small one."""

    def work() -> tuple[str, str]:
        icon = process_icon(upload.data)
        large, small = new_key("site", icon.mime), new_key("site", icon.still_mime)
        storage.put(large, icon.data)
        storage.put(small, icon.still)
        return large, small

    return await asyncio.to_thread(work)


async def store_anew(storage: Storage, key: str) -> str | None:
    """The new key of a picture that moves, which has its first frame then; None for what does not move."""

    def work() -> str | None:
        folder = key.partition("/")[0]
        portrait = _PROCESSES[folder](storage.get(key))
        return _put(storage, folder, portrait) if portrait.animated else None

    return await asyncio.to_thread(work)


async def forget(storage: Storage, *keys: str | None) -> None:
    """Delete pictures that nobody shows any more."""
    files = {file for key in keys if key for file in (key, still_key(key))}
    await asyncio.to_thread(storage.delete, *files)


async def _store(
    storage: Storage, upload: Upload | None, folder: str, process: Callable[[bytes], ProcessedPortrait]
) -> str | None:
    if upload is None:
        return None

    def work() -> str:
        return _put(storage, folder, process(upload.data))

    return await asyncio.to_thread(work)


def _put(storage: Storage, folder: str, portrait: ProcessedPortrait) -> str:
    if not portrait.animated:
        key = new_key(folder, portrait.mime)
    else:
        key = moving_key(folder, portrait.mime)
        storage.put(still_key(key), portrait.still)
    storage.put(key, portrait.data)
    return key
