"""`/admin/sign-ups`: who asks to join."""

from typing import Any

from aiohttp import web

from node import store
from node.errors import NotFound
from node.paging import Page
from node.services.access import registration
from node.services.accounts import lookup as account_lookup
from node.services.moderation import members
from node.speech import said
from web import params
from web.pages import answers, paging
from web.pages.admin import desk, entities

_PAGE = "/admin/sign-ups"


async def show(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request)
    page = paging.asked(request)
    people = await store.read(_people, page)
    links = paging.links(request, [int(person["id"]) for person in people], page)
    return await desk.show(request, "admin/sign_ups.html", people=people, **links)


async def approve(request: web.Request) -> web.StreamResponse:
    return await desk.act(request, _PAGE, "Let in.", registration.approve, params.an_id(request))


async def ask_to_reject(request: web.Request) -> web.StreamResponse:
    answers.require_staff(request)
    username = await store.point(_username, params.an_id(request))
    return await desk.confirm(
        request,
        title=said("Turn @%(username)s down?", username=username),
        text="The request is deleted. If there is an address, a letter says so.",
        button="Turn down",
        back=_PAGE,
    )


async def reject(request: web.Request) -> web.StreamResponse:
    return await desk.act(request, _PAGE, "Turned down.", registration.reject, params.an_id(request))


def _people(page: Page) -> list[dict[str, Any]]:
    waiting = registration.pending(page)
    shown = entities.admin_accounts(members.of([account for _, account in waiting]))
    return [
        {
            "id": str(user.id),
            "username": account.username,
            **{name: one[name] for name in ("email", "reason", "ip", "created_at", "invited_by")},
        }
        for (user, account), one in zip(waiting, shown, strict=True)
    ]


def _username(user_id: int) -> str:
    account = account_lookup.account_of(user_id)
    if account is None:
        raise NotFound("Record not found")
    return account.username


ROUTES = [
    web.get(_PAGE, show),
    web.post(f"{_PAGE}/{{id}}/approve", approve),
    web.get(f"{_PAGE}/{{id}}/reject", ask_to_reject),
    web.post(f"{_PAGE}/{{id}}/reject", reject),
]
