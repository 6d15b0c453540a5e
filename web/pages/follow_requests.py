"""Who waits to be let in."""

from typing import Any

from aiohttp import web

from node import store
from node.services import follows
from web import errors, params, responses
from web.pages import answers, paging, posts
from web.pages.actions import who_acts

_PEOPLE = 40
_PATH = "/follow-requests"


async def show(request: web.Request) -> web.Response:
    person, page = answers.require(request), paging.asked(request, size=_PEOPLE)

    def load() -> tuple[list[int], list[Any], dict[str, Any]]:
        rows = follows.requests(person.account_id, page)
        accounts = posts.people(account_id for _, account_id in rows)
        return [row_id for row_id, _ in rows], accounts, posts.relations(person.account_id, accounts)

    ids, accounts, relationships = await store.point(load)
    return await answers.show(
        request,
        "follow_requests.html",
        accounts=accounts,
        relationships=relationships,
        **paging.links(request, ids, page),
    )


async def answer(request: web.Request) -> web.Response:
    person, form = await who_acts(request)
    follower_id = params.an_id(request)
    work = follows.accept if request.match_info["verb"] == "accept" else follows.reject
    await store.write(work, person.account_id, follower_id)
    if errors.is_for_program(request):
        return responses.empty()
    return answers.done(request, answers.safe_path(form.text("next"), _PATH))


ROUTES = [web.get(_PATH, show), web.post(_PATH + "/{id}/{verb:accept|reject}", answer)]
