"""`/statistics`: what somebody's own posts came to."""

from aiohttp import web

from node import store
from node.services.accounts import figures
from web.pages import answers


async def show(request: web.Request) -> web.Response:
    person = answers.require(request)
    found = await store.read(figures.of, person.account_id)
    return await answers.show(request, "statistics.html", figures=found._asdict())


ROUTES = [web.get("/statistics", show)]
