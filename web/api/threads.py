"""https://docs.joinmastodon.org/methods/statuses/#context, completed by other servers while the reader looks."""

from typing import Any

import msgspec
from aiohttp import web

from node import clock, store
from node.models import Status
from node.services import completion
from node.services.completion import Progress
from node.services.statuses import loading, threads
from node.services.statuses import view as status_view
from node.services.statuses.view import StatusView
from web import params, responses, route
from web.api.async_refreshes import refresh_header
from web.entities.status import statuses_json
from web.inputs import reader

# Visitors see less of a long thread, which costs more than any other page (Mastodon's own figures).
_ANCESTORS_FOR_VISITORS, _DESCENDANTS_FOR_VISITORS = 40, 60


class _Thread(msgspec.Struct):
    focus: Status
    above: list[StatusView]
    below: list[StatusView]
    progress: Progress | None
    is_due: bool


async def context(request: web.Request, viewer_id: int | None) -> web.Response:
    """What is known now; when somebody who is signed in asks, other servers are asked for the rest."""
    status_id = params.an_id(request)
    thread = await store.read(_load, viewer_id, status_id)
    progress = thread.progress
    if thread.is_due:
        progress = await store.write(completion.begin, thread.focus.id)
    body = b'{"ancestors":%b,"descendants":%b,"completeness":%b}' % (
        statuses_json(thread.above),
        statuses_json(thread.below),
        responses.encode(_completeness(thread, progress)),
    )
    return responses.raw_json(body, headers=_refresh_header(progress) if viewer_id is not None else None)


def _load(viewer_id: int | None, status_id: int) -> _Thread:
    visitor = viewer_id is None
    above = threads.ancestors(viewer_id, status_id, _ANCESTORS_FOR_VISITORS if visitor else threads.MAX_ANCESTORS)
    below = threads.descendants(
        viewer_id, status_id, _DESCENDANTS_FOR_VISITORS if visitor else threads.MAX_DESCENDANTS
    )
    views = status_view.by_id([*above, *below], viewer_id)
    focus = loading.get_original(viewer_id, status_id)
    progress = completion.progress_of(focus.thread_id)
    return _Thread(
        focus=focus,
        above=[views[i] for i in above if i in views],
        below=[views[i] for i in below if i in views],
        progress=progress,
        is_due=not visitor and completion.is_due(focus, progress),
    )


def _completeness(thread: _Thread, progress: Progress | None) -> dict[str, Any]:
    """Our own extension: how much of what there is this is, as far as anybody says (docs/api.md)."""
    announced = thread.focus.replies_announced
    return {
        "replies_known": thread.focus.replies_count,
        "replies_announced": None if announced is None else max(announced, thread.focus.replies_count),
        "asked_at": None if progress is None else clock.iso(progress.asked_at),
        "unanswered": [] if progress is None else progress.unanswered,
    }


def _refresh_header(progress: Progress | None) -> dict[str, str] | None:
    if progress is None or not progress.is_running:
        return None
    return refresh_header(progress.fetch_id, found=progress.found)


ROUTES = [
    route.get("/api/v1/statuses/{id}/context", context, reader("read:statuses")),
]
