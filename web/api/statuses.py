"""https://docs.joinmastodon.org/methods/statuses/: writing and looking at statuses."""

import msgspec
from aiohttp import web

from federation import publish
from federation.context import FEDERATION
from node import store
from node.models import StatusEdit
from node.paging import Page
from node.services.interactions import favourites, reblogs
from node.services.statuses import deletion, edits, loading, media
from node.services.statuses import view as status_view
from node.services.statuses.view import StatusView
from web import params, responses, route
from web.api import account_pages, drafts, scheduled_statuses, status_pages
from web.entities.edit import edit_entities
from web.entities.source import source_entity
from web.entities.status import status_entity, statuses_json
from web.files import uploads
from web.inputs import asks, paged, person, reader, takes
from web.keys import STORAGE
from web.viewer import Viewer

_MAX_IDS = 40


class _Ids(msgspec.Struct):
    id: list[params.Id] = []


class _Deletion(msgspec.Struct):
    delete_media: bool = False


async def post(request: web.Request, viewer: Viewer, wish: drafts.NewStatus) -> web.Response:
    key = request.headers.get("Idempotency-Key", "")
    draft = await store.point(drafts.new, viewer, wish, key)
    if wish.scheduled_at:
        return await scheduled_statuses.schedule(viewer.account_id, draft, wish.scheduled_at)
    status = await publish.post(request.app[FEDERATION], viewer.account_id, draft)
    return await status_pages.of_id(viewer.account_id, status.id)


async def edit(request: web.Request, viewer: Viewer, wish: drafts.Change) -> web.Response:
    status_id = params.an_id(request)
    before = await store.point(loading.own, viewer.account_id, status_id)
    thumbnails = {one.id: one.thumbnail for one in wish.media_attributes if one.thumbnail}
    async with uploads.stills(request, viewer.account_id, thumbnails) as stills:
        draft = drafts.changed(viewer, wish, before, stills)
        await publish.edit(request.app[FEDERATION], viewer.account_id, status_id, draft)
    return await status_pages.of_id(viewer.account_id, status_id)


async def show(request: web.Request, viewer_id: int | None) -> web.Response:
    return await status_pages.of_id(viewer_id, params.an_id(request))


async def several(request: web.Request, viewer_id: int | None, wish: _Ids) -> web.Response:
    """Those of `id[]` that the reader may read; others are left out."""
    ids = list(dict.fromkeys(wish.id[:_MAX_IDS]))
    return responses.raw_json(statuses_json(await store.point(_readable, viewer_id, ids)))


async def delete(request: web.Request, viewer: Viewer, wish: _Deletion) -> web.Response:
    """Answers with what is needed to write it once more. Its pictures wait to be posted again, unless told to go."""
    status_id = params.an_id(request)
    view, source, files = await store.write(_delete, viewer, status_id, wish.delete_media)
    if files:
        await uploads.forget(request.app[STORAGE], *files)
    return responses.json(status_entity(view) | {"text": source})


async def source(request: web.Request, viewer: Viewer) -> web.Response:
    return responses.json(source_entity(await store.point(loading.own, viewer.account_id, params.an_id(request))))


async def history(request: web.Request, viewer_id: int | None) -> web.Response:
    view, before = await store.point(_history, viewer_id, params.an_id(request))
    return responses.json(edit_entities(view, before))


async def favourited_by(request: web.Request, viewer_id: int | None, page: Page) -> web.Response:
    return await account_pages.of_rows(request, favourites.accounts, viewer_id, params.an_id(request), page=page)


async def reblogged_by(request: web.Request, viewer_id: int | None, page: Page) -> web.Response:
    return await account_pages.of_rows(request, reblogs.accounts, viewer_id, params.an_id(request), page=page)


def _readable(viewer_id: int | None, ids: list[int]) -> list[StatusView]:
    return status_view.load(loading.visible_ids(viewer_id, ids), viewer_id)


def _delete(viewer: Viewer, status_id: int, with_media: bool) -> tuple[StatusView, str, list[str]]:
    """The status as it was, what was typed, and the files that nothing needs any more."""
    account_id = viewer.account_id
    view = status_view.one(account_id, status_id)
    deleted = deletion.delete(account_id, status_id, viewer.capacity.by)
    files: list[str] = []
    if with_media:
        for row in deleted.media:
            media.delete(account_id, row.id)
            files += media.keys_of(row)
    return view, deleted.status.source, files


def _history(viewer_id: int | None, status_id: int) -> tuple[StatusView, list[StatusEdit]]:
    view = status_view.one(viewer_id, status_id).shown
    return view, edits.history(loading.get(viewer_id, view.id))


ROUTES = [
    route.post("/api/v1/statuses", post, person("write:statuses"), takes(drafts.NewStatus)),
    route.get("/api/v1/statuses", several, reader("read:statuses"), asks(_Ids)),
    route.get("/api/v1/statuses/{id}", show, reader("read:statuses")),
    route.put("/api/v1/statuses/{id}", edit, person("write:statuses"), takes(drafts.Change)),
    route.delete("/api/v1/statuses/{id}", delete, person("write:statuses"), takes(_Deletion)),
    route.get("/api/v1/statuses/{id}/source", source, person("read:statuses")),
    route.get("/api/v1/statuses/{id}/history", history, reader("read:statuses")),
    route.get("/api/v1/statuses/{id}/favourited_by", favourited_by, reader("read:accounts"), paged(40, 80)),
    route.get("/api/v1/statuses/{id}/reblogged_by", reblogged_by, reader("read:accounts"), paged(40, 80)),
]
