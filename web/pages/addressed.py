"""`/@{acct}/{id}`, and what lies below it: the post that the address names."""

from aiohttp import web

from node import store
from node.errors import NotFound
from node.models import Account, Status
from node.services.accounts import lookup
from node.services.statuses import loading
from web import params
from web.errors import NOT_FOUND
from web.pages import answers, handles, visitors


async def status_of(request: web.Request, below: str = "") -> tuple[Status, Account]:
    """The post, or what it boosts, and who wrote that. `below` is what the address has beyond it, like `/history`.

    Whoever comes by another's handle is led to the post's own address, so that nobody is shown as its author who is not.
    What is not there and what the reader may not know of answer the same.
    """
    status_id = params.an_id(request)
    status, author = await store.point(_find, answers.reader_id(request), status_id)
    path = handles.path_of(author)
    if status_id != status.id or request.match_info["acct"] != path[2:]:
        headers = {"Vary": visitors.VARY, "Cache-Control": "private, no-store"}
        raise web.HTTPFound(f"{path}/{status.id}{below}", headers=headers)
    return status, author


def _find(reader_id: int | None, status_id: int) -> tuple[Status, Account]:
    status = loading.get_original(reader_id, status_id)
    author = lookup.by_id(status.account_id)
    if author is None or author.is_gone:
        raise NotFound(NOT_FOUND)
    return status, author
