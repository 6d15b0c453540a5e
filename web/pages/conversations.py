"""Direct messages, thread by thread."""

from collections.abc import Callable
from typing import Any

from aiohttp import web

from node import store
from node.services.conversations import rows as conversations
from node.services.conversations import view as conversation_view
from web import errors, params, responses
from web.entities.conversation import conversation_entity
from web.pages import answers, paging
from web.pages.actions import who_acts

_PATH = "/conversations"
_VERBS: dict[str, Callable[[int, int], object]] = {"read": conversations.read, "delete": conversations.remove}


async def show(request: web.Request) -> web.Response:
    person, page = answers.require(request), paging.asked(request)

    def load() -> tuple[list[int], list[dict[str, Any]]]:
        rows = conversations.page(person.account_id, page)
        views = conversation_view.load(person.account_id, rows)
        return [row.last_status_id or 0 for row in rows], [conversation_entity(view) for view in views]

    ids, entities = await store.point(load)
    return await answers.show(
        request, "conversations.html", conversations=entities, **paging.links(request, ids, page)
    )


async def act(request: web.Request) -> web.Response:
    person, form = await who_acts(request)
    await store.write(_VERBS[request.match_info["verb"]], person.account_id, params.an_id(request))
    if errors.is_for_program(request):
        return responses.empty()
    return answers.done(request, answers.safe_path(form.text("next"), _PATH))


ROUTES = [web.get(_PATH, show), web.post(_PATH + "/{id}/{verb:read|delete}", act)]
