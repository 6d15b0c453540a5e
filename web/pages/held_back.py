"""`/notifications/requests`: people whose doings are held back, and what somebody decides about strangers."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import BadInput
from node.models import Decision
from node.paging import Page
from node.services.notifications import policy as notification_policy
from node.services.notifications import request_view as notification_request_view
from node.services.notifications import requests as notification_requests
from node.services.notifications.policy import NAMES
from node.speech import said
from web import params
from web.entities.notification_policy import request_entity
from web.pages import answers, forms, paging
from web.pages.actions import who_acts

_PATH = "/notifications/requests"
_PEOPLE = 40
_VERBS = {"accept": notification_requests.accept, "dismiss": notification_requests.dismiss}


async def show(request: web.Request) -> web.Response:
    person, page = answers.require(request), paging.asked(request, size=_PEOPLE)
    ids, context = await store.read(_load, person.account_id, page)
    return await answers.show(request, "held_back.html", **context, **paging.links(request, ids, page))


async def settle(request: web.Request) -> web.Response:
    person, _ = await who_acts(request)
    await store.write(_VERBS[request.match_info["verb"]], person.account_id, [params.an_id(request)])
    return answers.done(request, _PATH)


async def decide(request: web.Request) -> web.Response:
    person, form = answers.require(request), await forms.read(request)
    words = {name: form.text(name) for name in NAMES if name in form}
    if unknown := [word for word in words.values() if word not in list(Decision)]:
        raise BadInput(said("This cannot be decided: %(name)s.", name=unknown[0][:50]))
    decisions = {name: Decision(word) for name, word in words.items()}
    await store.write(notification_policy.change, person.account_id, decisions)
    return answers.done(request, _PATH, "Saved.")


def _load(account_id: int, page: Page) -> tuple[list[int], dict[str, Any]]:
    rows = notification_requests.page(account_id, page)
    views = notification_request_view.load(account_id, rows)
    policy = notification_policy.of(account_id)
    context = {
        "requests": list(map(request_entity, views)),
        "policy": {name: str(getattr(policy, name)) for name in NAMES},
    }
    return [row.id for row in rows], context


ROUTES = [
    web.get(_PATH, show),
    web.post(_PATH, decide),
    web.post(_PATH + "/{id}/{verb:accept|dismiss}", settle),
]
