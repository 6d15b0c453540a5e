"""`/admin/storage`: what takes room, and copies of files of other servers, which can go at any time."""

import asyncio
import shutil
from dataclasses import replace
from typing import Any

from aiohttp import web

from node import clock, store
from node.models import Account, Role
from node.services.community import dimensions, settings
from node.services.community.measures import Period
from node.services.moderation import audit
from node.speech import say_number
from web.files.remote_files import REMOTE_FILES, bounds_now
from web.keys import CONFIG
from web.pages import answers, forms
from web.pages.admin import desk

_PAGE = "/admin/storage"


async def show(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request, Role.ADMIN)
    copies, copied_bytes = await asyncio.to_thread(request.app[REMOTE_FILES].usage)
    sizes = await store.read(_sizes)
    free, whole = await asyncio.to_thread(_room, request)
    now = settings.current()
    return await desk.show(
        request,
        "admin/storage.html",
        role=Role.ADMIN,
        sizes=sizes,
        copies={"files": copies, "bytes": copied_bytes, "most_bytes": now.remote_media_gib << 30},
        disk={"free": free, "whole": whole},
        kept={"how": str(now.remote_media), "days": now.media_days, "statuses_days": now.remote_statuses_days},
    )


async def ask_to_remove(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request, Role.ADMIN)
    return await desk.confirm(
        request,
        title="Remove all copies?",
        text="What people look at is fetched again from the servers it came from, if they still have it.",
        button="Remove them",
        back=_PAGE,
    )


async def remove(request: web.Request) -> web.StreamResponse:
    """All copies, or with `do=old` those that are beyond the bounds."""
    person = answers.require_staff(request, Role.ADMIN)
    form = await forms.read(request)
    bounds = await store.read(bounds_now)
    if form.text("do") != "old":
        bounds = replace(bounds, is_kept=False)
    count, size = await asyncio.to_thread(request.app[REMOTE_FILES].prune, bounds)
    await desk.write(person, _record, count)
    told = say_number(
        "%(num)s copy is removed: %(size)s MiB.", "%(num)s copies are removed: %(size)s MiB.", count, size=size >> 20
    )
    return answers.done(request, _PAGE, told)


def _sizes() -> dict[str, int]:
    today = clock.now_ms() // clock.DAY
    return {share.key: int(share.value) for share in dimensions.dimension("space_usage", Period(today, today), 10)}


def _room(request: web.Request) -> tuple[int, int]:
    """Of the disk of the data folder; zeros where nobody knows."""
    try:
        usage = shutil.disk_usage(request.app[CONFIG].data_dir)
    except OSError:
        return 0, 0
    return usage.free, usage.total


def _record(count: int, by: Account) -> None:
    audit.record(by, "remove.copies", str(count))


ROUTES: list[Any] = [
    web.get(_PAGE, show),
    web.get(f"{_PAGE}/remove", ask_to_remove),
    web.post(f"{_PAGE}/remove", remove),
]
