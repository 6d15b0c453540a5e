"""More of a thread from other servers: asked for when somebody opens it, and when somebody asks again."""

from typing import Any

from aiohttp import web

from node import clock, store
from node.models import Account, Status
from node.services import completion
from node.services.completion import Progress
from node.services.statuses import loading
from web import params
from web.pages import answers, forms, handles

_MOST_NAMED = 3  # servers


async def of_opened(reader_id: int | None, status: Status) -> Progress | None:
    """How the thread of a status was completed. When somebody who is signed in looks, others are asked for more."""
    progress, is_due = await store.point(_standing, reader_id, status)
    return await store.write(completion.begin, status.id) if is_due else progress


def _standing(reader_id: int | None, status: Status) -> tuple[Progress | None, bool]:
    progress = completion.progress_of(status.thread_id)
    return progress, reader_id is not None and completion.is_due(status, progress)


def told(progress: Progress | None) -> dict[str, Any] | None:
    """As templates take it."""
    if progress is None or not progress.hosts:
        return None
    return {
        "asked_at": clock.iso(progress.asked_at),
        "is_running": progress.is_running,
        "hosts": progress.hosts[:_MOST_NAMED],
        "more_hosts": max(len(progress.hosts) - _MOST_NAMED, 0),
        "unanswered": progress.unanswered[:_MOST_NAMED],
    }


async def refresh(request: web.Request) -> web.Response:
    """POST /statuses/{id}/refresh"""
    person = answers.require(request)
    await forms.read(request)
    status, author = await store.point(_find, person.account_id, params.an_id(request))
    path = f"{handles.path_of(author)}/{status.id}"
    progress = await store.write(completion.begin, status.id, asked=True)
    if progress is None or not progress.hosts:
        return answers.done(request, path, "There is no other server to ask about this thread.")
    if progress.is_running:
        return answers.done(request, path, "Other servers are being asked. Load this page again in a moment.")
    return answers.done(request, path, "They were asked a moment ago.")


def _find(reader_id: int, status_id: int) -> tuple[Status, Account]:
    status = loading.get_original(reader_id, status_id)
    return status, loading.account_by_id(status.account_id)


ROUTES = [web.post("/statuses/{id}/refresh", refresh)]
