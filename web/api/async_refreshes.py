"""https://docs.joinmastodon.org/methods/async_refreshes/: whether what an answer was too early for is there by now."""

from typing import Any

from aiohttp import web

from node import store
from node.services import completion
from node.services.accounts import annual_reports
from web import params, responses, route
from web.inputs import person
from web.viewer import Viewer

_RETRY_SECONDS = 5


def refresh_header(refresh_id: int, *, found: int | None = None) -> dict[str, str]:
    """`found` is how much of it is there by now, where that can be counted."""
    count = "" if found is None else f", result_count={found}"
    return {"Mastodon-Async-Refresh": f'id="{refresh_id}", retry={_RETRY_SECONDS}{count}'}


async def refresh(request: web.Request, viewer: Viewer) -> web.Response:
    """Whether it is done; then the client asks once more for what it wanted.

    What is forgotten by now is over: a client that waits for it goes on, where a 404 would leave it with an error.
    """
    entity = await store.point(_load, viewer.account_id, params.an_id(request))
    return responses.json({"async_refresh": entity})


def _load(account_id: int, refresh_id: int) -> dict[str, Any]:
    progress = completion.progress_by_id(refresh_id)
    is_running = annual_reports.is_being_made(account_id, refresh_id) if progress is None else progress.is_running
    return {
        "id": str(refresh_id),
        "status": "running" if is_running else "finished",
        "result_count": None if progress is None else progress.found,
    }


ROUTES = [route.get("/api/v1_alpha/async_refreshes/{id}", refresh, person("read"))]
