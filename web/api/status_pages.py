"""One way of answering with statuses: one, some by id, or page by page."""

from collections.abc import Callable, Sequence
from typing import Any

from aiohttp import web

from node import store
from node.paging import Page
from node.services.statuses import view as status_view
from node.services.statuses.view import StatusView
from web import pagination, responses
from web.entities.status import status_json, statuses_json

Rows = list[tuple[int, int]]


async def of_id(viewer_id: int | None, status_id: int) -> web.Response:
    """One status; NotFound, unless the viewer may read it."""
    return responses.raw_json(status_json(await store.point(status_view.one, viewer_id, status_id)))


async def of_page(
    request: web.Request, viewer_id: int | None, find: Callable[..., list[int]], *args: Any, page: Page, **terms: Any
) -> web.Response:
    """The page of `find(*args, page, **terms)`, which gives ids of statuses."""

    def load() -> tuple[list[int], list[StatusView]]:
        ids = find(*args, page, **terms)
        return ids, status_view.load(ids, viewer_id)

    ids, views = await store.point(load)
    return pagination.raw_answer(request, statuses_json(views), ids, page)


async def of_rows(request: web.Request, viewer_id: int, find: Callable[..., Rows], *, page: Page) -> web.Response:
    """The page of `find(viewer_id, page)`, which gives (id of the row, id of the status)."""

    def load() -> tuple[Sequence[int], list[StatusView]]:
        rows = find(viewer_id, page)
        return [row_id for row_id, _ in rows], status_view.load([status_id for _, status_id in rows], viewer_id)

    row_ids, views = await store.point(load)
    return pagination.raw_answer(request, statuses_json(views), row_ids, page)
