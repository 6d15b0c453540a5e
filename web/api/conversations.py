"""https://docs.joinmastodon.org/methods/conversations/"""

from aiohttp import web

from node import store
from node.models import Conversation
from node.paging import Page
from node.services.conversations import rows as conversations
from node.services.conversations import view as conversation_view
from node.services.conversations.view import ConversationView
from web import pagination, params, responses
from web.entities.conversation import conversation_entity
from web.viewer import require


async def page(request: web.Request) -> web.Response:
    viewer, page = require(request, "read:statuses"), pagination.page(request)
    rows, views = await store.point(_page, viewer.account_id, page)
    ids = [row.last_status_id for row in rows if row.last_status_id is not None]
    return pagination.answer(request, [conversation_entity(view) for view in views], ids, page)


async def remove(request: web.Request) -> web.Response:
    viewer = require(request, "write:conversations")
    await store.write(conversations.remove, viewer.account_id, params.an_id(request))
    return responses.empty()


async def read(request: web.Request) -> web.Response:
    return await _mark(request, unread=False)


async def unread(request: web.Request) -> web.Response:
    return await _mark(request, unread=True)


async def _mark(request: web.Request, *, unread: bool) -> web.Response:
    viewer = require(request, "write:conversations")
    row = await store.write(conversations.read, viewer.account_id, params.an_id(request), unread=unread)
    (view,) = await store.point(conversation_view.load, viewer.account_id, [row])
    return responses.json(conversation_entity(view))


def _page(account_id: int, page: Page) -> tuple[list[Conversation], list[ConversationView]]:
    rows = conversations.page(account_id, page)
    return rows, conversation_view.load(account_id, rows)


ROUTES = [
    web.get("/api/v1/conversations", page),
    web.delete("/api/v1/conversations/{id}", remove),
    web.post("/api/v1/conversations/{id}/read", read),
    web.post("/api/v1/conversations/{id}/unread", unread),
]
