"""https://docs.joinmastodon.org/methods/conversations/"""

from aiohttp import web

from node import store
from node.models import Conversation
from node.paging import Page
from node.services.conversations import rows as conversations
from node.services.conversations import view as conversation_view
from node.services.conversations.view import ConversationView
from web import pagination, params, responses, route
from web.entities.conversation import conversation_entity
from web.inputs import paged, person
from web.viewer import Viewer


async def page(request: web.Request, viewer: Viewer, page: Page) -> web.Response:
    rows, views = await store.point(_page, viewer.account_id, page)
    ids = [row.last_status_id for row in rows if row.last_status_id is not None]
    return pagination.answer(request, [conversation_entity(view) for view in views], ids, page)


async def remove(request: web.Request, viewer: Viewer) -> web.Response:
    await store.write(conversations.remove, viewer.account_id, params.an_id(request))
    return responses.empty()


async def read(request: web.Request, viewer: Viewer) -> web.Response:
    return await _mark(request, viewer, unread=False)


async def unread(request: web.Request, viewer: Viewer) -> web.Response:
    return await _mark(request, viewer, unread=True)


async def _mark(request: web.Request, viewer: Viewer, *, unread: bool) -> web.Response:
    row = await store.write(conversations.read, viewer.account_id, params.an_id(request), unread=unread)
    (view,) = await store.point(conversation_view.load, viewer.account_id, [row])
    return responses.json(conversation_entity(view))


def _page(account_id: int, page: Page) -> tuple[list[Conversation], list[ConversationView]]:
    rows = conversations.page(account_id, page)
    return rows, conversation_view.load(account_id, rows)


ROUTES = [
    route.get("/api/v1/conversations", page, person("read:statuses"), paged()),
    route.delete("/api/v1/conversations/{id}", remove, person("write:conversations")),
    route.post("/api/v1/conversations/{id}/read", read, person("write:conversations")),
    route.post("/api/v1/conversations/{id}/unread", unread, person("write:conversations")),
]
