"""`/requests`: who waits to be allowed to quote or to answer."""

from aiohttp import web

from node import store
from node.services.approvals import requests as interaction_requests
from web import errors, params, responses
from web.pages import answers, paging, posts
from web.pages.actions import who_acts

_PATH = "/requests"


async def show(request: web.Request) -> web.Response:
    person, page = answers.require(request), paging.asked(request)
    ids, waiting = await store.point(posts.of_requests, person.account_id, page)
    return await answers.show(request, "requests.html", requests=waiting, **paging.links(request, ids, page))


async def answer(request: web.Request) -> web.Response:
    person, form = await who_acts(request)
    allows = request.match_info["verb"] == "authorize"
    work = interaction_requests.authorize if allows else interaction_requests.reject
    await store.write(work, person.account_id, params.an_id(request))
    if errors.is_for_program(request):
        return responses.empty()
    return answers.done(request, answers.safe_path(form.text("next"), _PATH), "Allowed." if allows else "Refused.")


ROUTES = [web.get(_PATH, show), web.post(_PATH + "/{id}/{verb:authorize|reject}", answer)]
