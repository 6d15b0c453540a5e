"""`/events/posts`: posts of a page that is open, as they are now; the script takes their counts and polls from it."""

from typing import Any

from aiohttp import web

from node import store
from node.models import FilterContext
from node.services.statuses import loading
from web import params
from web.pages import acting, answers, posts
from web.pages.forms import Form
from web.rendering.fragments import render_post

MOST = 40


async def show(request: web.Request) -> web.Response:
    """What the reader may not read, or not any more, is left out. `root` is the one that the page is about."""
    asked = Form(params.query_items(request))
    person = await acting.of_window(answers.require(request), asked)
    root = asked.text("root")
    found = await store.point(_load, person.account_id, asked.ids("ids")[:MOST], root)
    page = await answers.page_of(request, person)
    shown = [render_post(one, page, look="focus" if one["id"] == root else "card") for one in found]
    return web.Response(text="\n".join(shown), content_type="text/html")


def _load(account_id: int, status_ids: list[int], root: str) -> list[dict[str, Any]]:
    found = posts.of_ids(loading.visible_ids(account_id, status_ids), account_id, FilterContext.THREAD)
    return [posts.with_edits(one) if one["id"] == root else one for one in found]


ROUTES = [web.get("/events/posts", show)]
