"""https://docs.joinmastodon.org/methods/mutes/"""

from aiohttp import web

from node import store
from node.paging import Page
from node.services.accounts import view as account_view
from node.services.relationships import mutes
from web import pagination, route
from web.entities.account import muted_account
from web.inputs import paged, person
from web.viewer import Viewer

_Muted = list[tuple[account_view.AccountView, int | None]]


async def muted(request: web.Request, viewer: Viewer, page: Page) -> web.Response:
    rows, found = await store.read(_load, viewer.account_id, page)
    return pagination.answer(request, [muted_account(view, until) for view, until in found], rows, page)


def _load(account_id: int, page: Page) -> tuple[list[int], _Muted]:
    rows = mutes.page(account_id, page)
    views = account_view.load([target_id for _, target_id in rows])
    ends = mutes.ends(account_id, [view.account.id for view in views])
    return [row_id for row_id, _ in rows], [(view, ends.get(view.account.id)) for view in views]


ROUTES = [route.get("/api/v1/mutes", muted, person("read:mutes"), paged(40, 80))]
