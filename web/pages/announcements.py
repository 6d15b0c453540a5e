"""`/announcements`: what the staff tells everybody here, and how they take it."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import Invalid
from node.services.community import announcements
from node.services.interactions import reactions
from web import params
from web.entities.announcement import announcement_entity
from web.pages import answers, forms
from web.pages.actions import who_acts

_PAGE = "/announcements"


async def show(request: web.Request) -> web.Response:
    person = answers.require(request)
    shown, offered = await store.read(_load, person.account_id)
    return await answers.show(request, "announcements.html", announcements=shown, emoji_offered=offered)


async def dismiss(request: web.Request) -> web.Response:
    person, form = await who_acts(request)
    await store.write(announcements.dismiss, person.account_id, params.an_id(request))
    return answers.done(request, answers.safe_path(form.text("next"), _PAGE))


async def react(request: web.Request) -> web.Response:
    """The button of a reaction of one's own takes it back."""
    person, form = answers.require(request), await forms.read(request)
    taken_back = form.text("unreact")
    work = announcements.unreact if taken_back else announcements.react
    try:
        await store.write(work, person.account_id, params.an_id(request), taken_back or form.text("emoji"))
    except Invalid as refusal:
        return answers.done(request, _PAGE, refusal.sentence)
    return answers.done(request, _PAGE)


def _load(account_id: int) -> tuple[list[dict[str, Any]], list[str]]:
    return current(account_id), reactions.offered()


def current(account_id: int, *, unread: bool = False) -> list[dict[str, Any]]:
    """Inside a unit of work."""
    return [announcement_entity(view) for view in announcements.current(account_id, unread=unread)]


ROUTES = [
    web.get(_PAGE, show),
    web.post(_PAGE + "/{id}/dismiss", dismiss),
    web.post(_PAGE + "/{id}/react", react),
]
